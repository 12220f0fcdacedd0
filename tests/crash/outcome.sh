# What trainings end with, for comparison. To be sourced.

# Hash of the tensors' bytes of a checkpoint; its header holds times.
payload() { tail -c +$((9 + $(od -An -t u8 -N 8 "$1"))) "$1" | sha256sum | cut -d' ' -f1; }

# What the ICLR'19 units below a folder ended with, a line each: name, weights and optimizer state, losses, but no times.
unit_outcomes() {
    find "$1" -path '*/units/*/last.safetensors' | while read -r file; do
        echo "$(basename "$(dirname "$file")") $(payload "$file") $(cut -d, -f1,2 "$(dirname "$file")/epochs.csv" | sha256sum)"
    done | sort
}
