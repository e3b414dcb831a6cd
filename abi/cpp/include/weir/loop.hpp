// SPDX-License-Identifier: BSL-1.0
// Looping strategies by themselves.
#pragma once

#include <weir/weir.h>
#include <weir/detail/owner.hpp>
#include <weir/finding.hpp>
#include <weir/text.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

namespace weir {

/// How a strategy is read.
struct loop_options {
    bool compat_harness = false;  ///< Harness's own order and suffixes: docs/compat.md
    bool labels = false;          ///< suffixes name the values of a matrix instead of their places
    std::uint64_t most = 0;       ///< refuse a loop of more instances; 0: as the engine does
    std::string_view dialect;     ///< "github", "gitlab", "tekton", "argo"; empty: "harness"
    std::string_view file;        ///< the text's name in findings; empty: "<input>"
};

/// One turn of a loop. Its texts are valid until the next loop::next.
class instance {
public:
    /// 0, 1, 2 ...
    std::uint64_t index() const noexcept { return raw_.index; }

    /// Behind its name, as the engine has it: "_0_1", " 1/5", "(0:blue)".
    std::string_view suffix() const noexcept {
        return detail::view(raw_.suffix, raw_.suffix_length);
    }

    /// A JSON object: the axes of a matrix; `item` or `partition` of a repeat.
    std::string_view values() const noexcept {
        return detail::view(raw_.values, raw_.values_length);
    }

private:
    friend class instances;
    weir_instance raw_;
};

static_assert(sizeof(instance) == sizeof(weir_instance));

/// Room for instances, and those of the last loop::next.
class instances {
public:
    /// Room for so many; at least 1.
    explicit instances(std::uint32_t capacity = 64)
        : all_(new instance[capacity == 0 ? 1 : capacity]),
          capacity_(capacity == 0 ? 1 : capacity) {}

    /// Those of the last loop::next, in order, and how many they are.
    const instance* begin() const noexcept { return all_.get(); }
    const instance* end() const noexcept { return begin() + count_; }
    const instance& operator[](std::size_t place) const noexcept { return all_[place]; }
    std::uint32_t size() const noexcept { return count_; }
    bool empty() const noexcept { return count_ == 0; }

private:
    friend class loop;

    weir_status next(weir_loop of) noexcept {
        count_ = 0;
        return weir_loop_next(of, &all_[0].raw_, sizeof(instance), capacity_, &count_);
    }

    std::unique_ptr<instance[]> all_;
    std::uint32_t capacity_;
    std::uint32_t count_ = 0;
};

/// The instances of a `strategy`, expanded as they are asked for: a million take no more memory
/// than ten.
///
///     weir::instances some;
///     while (loop.next(some) && !some.empty())
///         for (const weir::instance& each : some) start(each.suffix(), each.values());
class loop : public detail::owner<weir_loop_close> {
public:
    using owner::owner;

    /// Reads how something loops, in YAML or JSON, as the engine of the dialect has it. `found`,
    /// when given, is set to the findings. status::document: refused, and the text says why and
    /// where; invalid_argument: no such dialect; not_utf8, limit, no_memory.
    /// [any thread, never blocks]
    static result<loop> open(std::string_view strategy, const loop_options& how = {},
                             findings* found = nullptr) noexcept {
        weir_loop_options o{};
        o.struct_size = sizeof o;
        o.flags = (how.compat_harness ? WEIR_LOOP_COMPAT_HARNESS : 0) |
                  (how.labels ? WEIR_LOOP_LABELS : 0);
        o.most = how.most;
        o.dialect = detail::or_null(how.dialect);
        o.dialect_length = detail::length(how.dialect);
        o.file = detail::or_null(how.file);
        o.file_length = detail::length(how.file);
        weir_text written = 0;
        std::uint64_t count = 0, concurrency = 0;
        result<loop> opened = detail::made<loop>([&](weir_loop* made, weir_error* told) noexcept {
            return weir_loop_open(strategy.data(), detail::length(strategy), &o, made, &count,
                                  &concurrency, found != nullptr ? &written : nullptr, told);
        });
        if (found != nullptr)
            *found = findings(text(written));
        if (opened) {
            opened->count_ = count;
            opened->concurrency_ = concurrency;
        }
        return opened;
    }

    /// How many instances there are. [any thread, never blocks]
    std::uint64_t count() const noexcept { return count_; }

    /// How many run at once; 0: no limit. [any thread, never blocks]
    std::uint64_t concurrency() const noexcept { return concurrency_; }

    /// Puts the next instances into `into`, as many as it has room for; none after the last.
    /// status::busy: another thread is in this call; stale, no_memory.
    /// [one thread at a time, never blocks]
    result<void> next(instances& into) noexcept { return result<void>(into.next(handle())); }

    /// Ends it. status::busy: another thread is in next; stale. [owner, never blocks]
    result<void> close() noexcept { return end_now(); }

private:
    std::uint64_t count_ = 0;
    std::uint64_t concurrency_ = 0;
};

}  // namespace weir
