# A Slurm cluster of one node on this machine, for tests: munge, slurmctld and slurmd without systemd, cgroups or accounts, with all
# files in one folder. To be sourced; needs root. CPUs is what the node pretends to have.
#
#   start_cluster FOLDER [CPUS]   sets SLURM_CONF, so that sbatch and the rest speak to this cluster
#   stop_cluster FOLDER

slurm_packages=(slurm-wlm munge)

# Port numbers are taken from the process id, so that two clusters on a machine do not meet.
write_slurm_conf() {
    local folder=$1 cpus=$2 node port=$((20000 + $$ % 10000 * 2))
    node=$(hostname -s)
    cat > "$folder/slurm.conf" << END
ClusterName=test
SlurmctldHost=$node(127.0.0.1)
SlurmUser=root
SlurmdUser=root
SlurmctldPort=$port
SlurmdPort=$((port + 1))
AuthType=auth/munge
AuthInfo=socket=$folder/munge.socket,cred_expire=5
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool
SlurmctldPidFile=$folder/slurmctld.pid
SlurmdPidFile=$folder/slurmd.pid
SlurmctldLogFile=$folder/slurmctld.log
SlurmdLogFile=$folder/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SwitchType=switch/none
MpiDefault=none
SchedulerParameters=sched_interval=2
ReturnToService=2
JobRequeue=1
KillWait=5
MinJobAge=3600
NodeName=$node NodeAddr=127.0.0.1 CPUs=$cpus State=UNKNOWN
PartitionName=test Nodes=$node Default=YES MaxTime=INFINITE State=UP
END
}

start_cluster() {
    local folder=$1
    mkdir -p "$folder/state" "$folder/spool"
    write_slurm_conf "$folder" "${2:-2}"
    export SLURM_CONF=$folder/slurm.conf
    dd if=/dev/urandom of="$folder/munge.key" bs=1024 count=1 status=none
    chmod 600 "$folder/munge.key"
    munged --force --socket="$folder/munge.socket" --key-file="$folder/munge.key" --pid-file="$folder/munged.pid" \
        --log-file="$folder/munged.log" --seed-file="$folder/munge.seed"
    slurmctld -c
    slurmd
    local second
    for ((second = 0; second < 30; second++)); do
        if sinfo -h -o %T 2> /dev/null | grep -qx idle; then return 0; fi
        sleep 1
    done
    echo "the cluster did not come up:"
    tail -n 20 "$folder"/*.log
    return 1
}

# By their own pid files: other clusters of this machine are left alone.
stop_cluster() {
    local folder=$1 name pid
    scancel --quiet --user=root 2> /dev/null || true
    for name in slurmd slurmctld munged; do
        pid=$(cat "$folder/$name.pid" 2> /dev/null) || continue
        kill "$pid" 2> /dev/null || true
    done
}
