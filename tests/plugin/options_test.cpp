// SPDX-License-Identifier: BSL-1.0
#include "tests/plugin/library.hpp"

using namespace weir::plugin::test;

namespace {

// Calls `create` with options of every size that matters: the struct, and a tail of `Extra` bytes.
template <class Options, class Create>
void check_sizes(Create&& create) {
    struct longer {
        Options options{};
        unsigned char tail[16]{};
    } given;
    const auto with = [&](uint32_t size) {
        given.options.struct_size = size;
        return create(&given.options);
    };
    CHECK(with(0) == WEIR_E_STRUCT_SIZE);
    CHECK(with(sizeof(Options) - 4) == WEIR_E_STRUCT_SIZE);
    CHECK(with(sizeof(Options)) == WEIR_OK);
    CHECK(with(sizeof(Options) + 16) == WEIR_OK);
    CHECK(with(0xFFFFFFFF) == WEIR_E_STRUCT_SIZE);
    given.tail[15] = 1;
    CHECK(with(sizeof(Options) + 16) == WEIR_E_STRUCT_SIZE);
    CHECK(with(sizeof(Options) + 15) == WEIR_OK);
    CHECK(create(nullptr) == WEIR_OK);
}

const std::string document = pipeline(stage("a", step("x")));

}  // namespace

TEST_CASE("options may be absent, exact or longer with a zero tail, and nothing else") {
    check_sizes<weir_runtime_options>([](const weir_runtime_options* o) {
        weir_runtime made = 0;
        const auto status = weir_runtime_create(o, &made, nullptr);
        if (status == WEIR_OK)
            CHECK(weir_runtime_destroy_wait(made) == WEIR_OK);
        return status;
    });
    check_sizes<weir_queue_options>([](const weir_queue_options* o) {
        weir_queue made = 0;
        const auto status = weir_queue_create(o, &made, nullptr);
        if (status == WEIR_OK)
            CHECK(weir_queue_destroy(made) == WEIR_OK);
        return status;
    });
    check_sizes<weir_load_options>([](const weir_load_options* o) {
        weir_plan made = 0;
        const auto status =
            weir_plan_load(document.data(), document.size(), o, &made, nullptr, nullptr);
        if (status == WEIR_OK)
            CHECK(weir_plan_release(made) == WEIR_OK);
        return status;
    });
    host h;
    const auto plan = load(document);
    check_sizes<weir_run_options>([&](const weir_run_options* o) {
        weir_run made = 0;
        const auto status = weir_run_start(h.runtime, plan, h.queue, o, &made, nullptr);
        if (status == WEIR_OK)
            h.until_finished();
        return status;
    });
    CHECK(weir_plan_release(plan) == WEIR_OK);
}

TEST_CASE("an option out of range is refused, and named") {
    const auto refused = [](auto&& change, const std::string& word) {
        auto options = sized<weir_runtime_options>();
        change(options);
        weir_runtime made = 0;
        auto error = sized<weir_error>();
        CHECK(weir_runtime_create(&options, &made, &error) == WEIR_E_INVALID_ARGUMENT);
        CHECK(error.status == WEIR_E_INVALID_ARGUMENT);
        CHECK(std::string{error.text}.find(word) != std::string::npos);
    };
    using o = weir_runtime_options;
    refused([](o& x) { x.flags = 2; }, "flags");
    refused([](o& x) { x.flags = WEIR_RUNTIME_POLLED, x.workers = 1; }, "workers");
    refused([](o& x) { x.workers = 1025; }, "workers");
    refused([](o& x) { x.stack_size = 100; }, "stack_size");
    refused([](o& x) { x.clock = 7; }, "clock");
    refused([](o& x) { x.reserved0 = 1; }, "reserved0");

    host h;
    const auto plan = load(document);
    const auto run_refused = [&](auto&& change, weir_status expected) {
        auto options = sized<weir_run_options>();
        change(options);
        weir_run made = 0;
        CHECK(weir_run_start(h.runtime, plan, h.queue, &options, &made, nullptr) == expected);
        CHECK(made == 0);
    };
    using r = weir_run_options;
    run_refused([](r& x) { x.flags = 8; }, WEIR_E_INVALID_ARGUMENT);
    run_refused([](r& x) { x.grace_ns = -1; }, WEIR_E_INVALID_ARGUMENT);
    run_refused([](r& x) { x.id_length = 3; }, WEIR_E_INVALID_ARGUMENT);
    run_refused([](r& x) { x.id = "\xff", x.id_length = 1; }, WEIR_E_NOT_UTF8);
    run_refused([](r& x) { x.simulation = "{}", x.simulation_length = 2; },
                WEIR_E_INVALID_ARGUMENT);
    run_refused(
        [](r& x) { x.flags = WEIR_RUN_SIMULATE, x.simulation = "[", x.simulation_length = 1; },
        WEIR_E_NOT_JSON);
    CHECK(weir_plan_release(plan) == WEIR_OK);
}

TEST_CASE(
    "an error struct that is too short is left alone, and a long text is cut at a character") {
    weir_error error{};
    error.struct_size = 4;
    weir_runtime made = 0;
    auto options = sized<weir_runtime_options>();
    options.flags = 64;
    CHECK(weir_runtime_create(&options, &made, &error) == WEIR_E_INVALID_ARGUMENT);
    CHECK(error.status == 0);
    CHECK(error.text[0] == '\0');
}

TEST_CASE("a document, its name and its variables may be anything; what is wrong has its status") {
    weir_plan plan = 0;
    auto options = sized<weir_load_options>();
    const auto loaded = [&](const std::string& text) {
        return weir_plan_load(text.data(), text.size(), &options, &plan, nullptr, nullptr);
    };
    CHECK(loaded("\xff\xfe\xfa") == WEIR_E_DOCUMENT);
    CHECK(loaded(std::string(3, '\0')) == WEIR_E_DOCUMENT);
    CHECK(loaded("pipeline: 3") == WEIR_E_DOCUMENT);
    options.variables = "[]", options.variables_length = 2;
    CHECK(loaded(document) == WEIR_E_NOT_JSON);
    options.variables = "\xff", options.variables_length = 1;
    CHECK(loaded(document) == WEIR_E_NOT_JSON);
    options.variables_length = 0;
    options.file = "\xff", options.file_length = 1;
    CHECK(loaded(document) == WEIR_E_NOT_UTF8);
    options.file_length = 0;
    options.adapter = "argo", options.adapter_length = 4;
    CHECK(loaded(document) == WEIR_E_INVALID_ARGUMENT);
    options.adapter_length = 0;
    options.flags = 1u << 20;
    CHECK(loaded(document) == WEIR_E_INVALID_ARGUMENT);
    options.flags = 0;
    options.reserved0 = 1;
    CHECK(loaded(document) == WEIR_E_INVALID_ARGUMENT);
    CHECK(plan == 0);
}
