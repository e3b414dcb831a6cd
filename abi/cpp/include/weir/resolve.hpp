// SPDX-License-Identifier: BSL-1.0
// What a document refers to: child pipelines, templates, input sets, values.
#pragma once

#include <weir/weir.h>
#include <weir/detail/owner.hpp>
#include <weir/names.hpp>

#include <cstdint>
#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace weir {

/// What is referred to; one that is not listed is best answered by std::nullopt.
enum class reference_kind : std::uint32_t {
    pipeline = WEIR_REFERENCE_PIPELINE,    ///< a stage of type Pipeline runs it
    template_ = WEIR_REFERENCE_TEMPLATE,   ///< `templateRef`
    input_set = WEIR_REFERENCE_INPUT_SET,  ///< of an overlay, or a Pipeline stage
    parent = WEIR_REFERENCE_PARENT,        ///< a pipeline one of whose stages runs the identifier
    value = WEIR_REFERENCE_VALUE,          ///< what only the host knows: `secrets.getValue("x")`
};

/// Where a template is looked for.
enum class reference_level : std::uint32_t {
    project = WEIR_LEVEL_PROJECT,
    organization = WEIR_LEVEL_ORGANIZATION,
    account = WEIR_LEVEL_ACCOUNT,
};

/// What a document looks for. The texts are views, good while the resolver runs; what the document
/// does not say is empty.
class reference {
public:
    explicit reference(const weir_reference& raw) noexcept : raw_(&raw) {}

    reference_kind kind() const noexcept { return static_cast<reference_kind>(raw_->kind); }
    reference_level level() const noexcept { return static_cast<reference_level>(raw_->level); }
    /// Without its level; of a value, what stands in the expression.
    std::string_view identifier() const noexcept {
        return detail::view(raw_->identifier, raw_->identifier_length);
    }
    /// A template's; empty: the stable one.
    std::string_view version() const noexcept {
        return detail::view(raw_->version, raw_->version_length);
    }
    std::string_view org() const noexcept { return detail::view(raw_->org, raw_->org_length); }
    std::string_view project() const noexcept {
        return detail::view(raw_->project, raw_->project_length);
    }
    /// An input set's.
    std::string_view pipeline() const noexcept {
        return detail::view(raw_->pipeline, raw_->pipeline_length);
    }

private:
    const weir_reference* raw_;
};

/// A document, and its name in findings: the same for the same document; empty: its identifier.
struct document {
    std::string text;
    std::string file;
};

/// What became of a reference: a document, nothing, or a failure that refuses what refers to it.
class resolution {
public:
    resolution(document found) : found_(std::move(found)) {}
    resolution(std::nullopt_t) noexcept {}
    resolution(std::optional<document> found) : found_(std::move(found)) {}

    /// It could not be had; `why` is told to the reader.
    static resolution failed(std::string why) {
        resolution made(std::nullopt);
        made.why_ = std::move(why);
        made.failed_ = true;
        return made;
    }

    /// As weir.h takes it, as long as this lives.
    weir_status give(weir_resolution& to) const noexcept {
        if (failed_) {
            to.why = why_.data();
            to.why_length = detail::length(why_);
            return WEIR_E_DOCUMENT;
        }
        if (!found_)
            return WEIR_E_NOT_FOUND;
        to.text = found_->text.data();
        to.text_length = found_->text.size();
        to.file = detail::or_null(found_->file);
        to.file_length = detail::length(found_->file);
        return WEIR_OK;
    }

private:
    std::optional<document> found_;
    std::string why_;
    bool failed_ = false;
};

/// An input set for load_options::inputs. The texts are the caller's, until the plan is loaded.
inline weir_document input(std::string_view text, std::string_view file = {}) noexcept {
    weir_document made{};
    made.struct_size = sizeof made;
    made.text = text.data();
    made.text_length = text.size();
    made.file = detail::or_null(file);
    made.file_length = detail::length(file);
    return made;
}

namespace detail {

/// A callable as weir.h's function, for one load. What it throws is thrown when that is over.
template <typename Resolve>
class resolver {
public:
    explicit resolver(Resolve& resolve) noexcept : resolve_(resolve) {}

    static weir_status call(void* context, const weir_reference* wanted, weir_resolution* found) {
        return static_cast<resolver*>(context)->answer(*wanted, *found);
    }

    void rethrow() const {
#ifdef __cpp_exceptions
        if (thrown_ != nullptr)
            std::rethrow_exception(thrown_);
#endif
    }

private:
    weir_status answer(const weir_reference& wanted, weir_resolution& found) noexcept {
        if (thrown_ != nullptr)
            return WEIR_E_NOT_FOUND;
#ifdef __cpp_exceptions
        try {
            given_ = resolve_(reference(wanted));
        } catch (...) {
            thrown_ = std::current_exception();
            return WEIR_E_NOT_FOUND;
        }
#else
        given_ = resolve_(reference(wanted));
#endif
        return given_.give(found);
    }

    Resolve& resolve_;
    resolution given_{std::nullopt};  // good until the next call
    std::exception_ptr thrown_;
};

}  // namespace detail

}  // namespace weir
