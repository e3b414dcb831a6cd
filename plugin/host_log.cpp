// SPDX-License-Identifier: BSL-1.0
#include "plugin/host_log.hpp"

#include "plugin/contracts.hpp"
#include "plugin/hosted_runtime.hpp"
#include "plugin/tables.hpp"

#include <spdlog/logger.h>
#include <spdlog/sinks/base_sink.h>

#include <array>
#include <cstdarg>
#include <cstdio>
#include <mutex>

namespace weir::plugin {

namespace {

constexpr std::size_t longest_line = 512;
constexpr std::size_t most_runtimes = 16;

spdlog::level::level_enum level_of(std::uint32_t level) noexcept {
    switch (level) {
    case WEIR_LOG_DEBUG:
        return spdlog::level::debug;
    case WEIR_LOG_INFO:
        return spdlog::level::info;
    case WEIR_LOG_ERROR:
        return spdlog::level::err;
    default:
        return spdlog::level::warn;
    }
}

std::uint32_t number_of(spdlog::level::level_enum level) noexcept {
    return level == spdlog::level::debug  ? WEIR_LOG_DEBUG
           : level == spdlog::level::info ? WEIR_LOG_INFO
           : level == spdlog::level::warn ? WEIR_LOG_WARNING
                                          : WEIR_LOG_ERROR;
}

// The host's own function, in place of a file.
class host_sink final : public spdlog::sinks::base_sink<std::mutex> {
public:
    host_sink(weir_log_function to, void* context) noexcept : to_{to}, context_{context} {}

    void close() noexcept {
        const std::lock_guard lock{mutex_};
        to_ = nullptr;
    }

private:
    void sink_it_(const spdlog::details::log_msg& said) override {
        if (!to_)
            return;
        const visit_to_host now{hook::log};
        to_(context_, number_of(said.level), said.payload.data(),
            static_cast<std::uint32_t>(said.payload.size()));
    }
    void flush_() override {}

    weir_log_function to_;  // guarded by mutex_
    void* const context_;
};

struct line {
    line(const char* format, std::va_list arguments) noexcept {
        const int length = std::vsnprintf(text.data(), text.size(), format, arguments);
        size = length < 0 ? 0 : std::min(static_cast<std::size_t>(length), text.size() - 1);
    }

    [[nodiscard]] std::string_view view() const noexcept { return {text.data(), size}; }

    std::array<char, longest_line> text;
    std::size_t size = 0;
};

}  // namespace

struct host_log::works {
    works(weir_log_function to, void* context, std::uint32_t least)
        : sink{std::make_shared<host_sink>(to, context)}, logger{"weir", sink} {
        logger.set_level(level_of(least));
        logger.set_error_handler([](const std::string&) {});
    }

    std::shared_ptr<host_sink> sink;
    spdlog::logger logger;
};

host_log::host_log() noexcept = default;

host_log::host_log(weir_log_function to, void* context, std::uint32_t least_level) {
    if (to)
        works_ = std::make_unique<works>(to, context, least_level);
}

host_log::~host_log() = default;

void host_log::say(std::uint32_t level, std::string_view text) noexcept {
    if (!works_ || inside == hook::log)
        return;
    works_->logger.log(level_of(level), spdlog::string_view_t{text.data(), text.size()});
}

void host_log::close() noexcept {
    if (works_)
        works_->sink->close();
}

void log_to(host_log& log, std::uint32_t level, const char* format, ...) noexcept {
    std::va_list arguments;
    va_start(arguments, format);
    const line said{format, arguments};
    va_end(arguments);
    log.say(level, said.view());
}

void log_to_all(std::uint32_t level, const char* format, ...) noexcept {
    std::va_list arguments;
    va_start(arguments, format);
    const line said{format, arguments};
    va_end(arguments);
    std::array<std::shared_ptr<hosted_runtime>, most_runtimes> runtimes;
    const auto count = all().runtimes.some(runtimes.data(), runtimes.size());
    for (std::size_t i = 0; i < count; ++i) {
        if (!runtimes[i]->is_foreign())
            runtimes[i]->log().say(level, said.view());
    }
}

}  // namespace weir::plugin
