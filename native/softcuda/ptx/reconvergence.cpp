#include "reconvergence.h"

#include <algorithm>

namespace softcuda::ptx {
namespace {

// The graph of basic blocks, each from its first instruction to the next block's; the last number is the end of all.
class Graph {
public:
    explicit Graph(const Kernel& kernel) : code_(kernel.code) {
        std::vector<bool> begins(code_.size() + 1, false);
        begins[0] = true;
        for (size_t i = 0; i < code_.size(); ++i) {
            if (code_[i].flow == Flow::branch) begins[code_[i].target] = true;
            if (code_[i].flow == Flow::branch || code_[i].flow == Flow::exit) begins[i + 1] = true;
        }
        for (size_t i = 0; i < code_.size(); ++i) {
            if (begins[i]) first_.push_back(uint32_t(i));
            block_of_.push_back(int(first_.size()) - 1);
        }
        connect();
    }

    int end() const { return int(first_.size()); }
    uint32_t first(int block) const { return first_[size_t(block)]; }
    int block_of(size_t instruction) const { return block_of_[instruction]; }

    // The immediate post-dominator of every block, by Cooper, Harvey and Kennedy, "A Simple, Fast Dominance Algorithm" (2001), on the
    // graph with its edges turned round. -1 for blocks that never end.
    std::vector<int> post_dominators() {
        number_from_the_end();
        std::vector<int> above(size_t(end()) + 1, -1);
        above[size_t(end())] = end();
        for (bool changes = true; changes;) {
            changes = false;
            for (const int block : order_) {
                int meeting = -1;
                for (const int next : successors_[size_t(block)]) {
                    if (above[size_t(next)] >= 0) meeting = meeting < 0 ? next : common(above, next, meeting);
                }
                changes = changes || above[size_t(block)] != meeting;
                above[size_t(block)] = meeting;
            }
        }
        return above;
    }

private:
    int block_at(size_t instruction) const { return instruction < code_.size() ? block_of_[instruction] : end(); }

    void connect() {
        successors_.resize(first_.size() + 1);
        predecessors_.resize(first_.size() + 1);
        for (int b = 0; b < end(); ++b) {
            const size_t last = (b + 1 < end() ? first_[size_t(b) + 1] : code_.size()) - 1;
            const Instruction& i = code_[last];
            const bool always = i.guard == 0 && i.guard_negated;
            if (i.flow == Flow::branch) add_edge(b, block_at(i.target));
            if (i.flow == Flow::exit) add_edge(b, end());
            if (!always || (i.flow != Flow::branch && i.flow != Flow::exit)) add_edge(b, block_at(last + 1));
        }
    }

    void add_edge(int from, int to) {
        successors_[size_t(from)].push_back(to);
        predecessors_[size_t(to)].push_back(from);
    }

    // In reverse postorder of a walk from the end against the edges; later blocks of the order have lower numbers.
    void number_from_the_end() {
        number_.assign(size_t(end()) + 1, -1);
        std::vector<std::pair<int, size_t>> path{{end(), 0}};
        std::vector<bool> seen(size_t(end()) + 1, false);
        seen[size_t(end())] = true;
        while (!path.empty()) {
            auto& [block, next] = path.back();
            if (next < predecessors_[size_t(block)].size()) {
                const int before = predecessors_[size_t(block)][next++];
                if (!seen[size_t(before)]) path.emplace_back(before, 0);
                seen[size_t(before)] = true;
            } else {
                number_[size_t(block)] = int(order_.size());
                if (block != end()) order_.push_back(block);
                path.pop_back();
            }
        }
        std::reverse(order_.begin(), order_.end());
    }

    int common(const std::vector<int>& above, int a, int b) const {
        while (a != b) {
            while (number_[size_t(a)] < number_[size_t(b)]) a = above[size_t(a)];
            while (number_[size_t(b)] < number_[size_t(a)]) b = above[size_t(b)];
        }
        return a;
    }

    const std::vector<Instruction>& code_;
    std::vector<uint32_t> first_;
    std::vector<int> block_of_, number_, order_;
    std::vector<std::vector<int>> successors_, predecessors_;
};

}  // namespace

void find_reconvergence(Kernel& kernel) {
    if (kernel.code.empty()) return;
    Graph graph(kernel);
    const std::vector<int> above = graph.post_dominators();
    for (size_t i = 0; i < kernel.code.size(); ++i) {
        if (kernel.code[i].flow != Flow::branch) continue;
        const int meeting = above[size_t(graph.block_of(i))];
        kernel.code[i].reconvergence = meeting >= 0 && meeting < graph.end() ? graph.first(meeting) : no_instruction;
    }
}

}  // namespace softcuda::ptx
