// SPDX-License-Identifier: BSL-1.0
#include "tests/abi/memory/failing.hpp"

#include <atomic>
#include <cerrno>
#include <cstdlib>

#include <dlfcn.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/mman.h>

namespace {

struct state {
    bool armed;
    bool for_good;
    bool refused;
    std::size_t left;
};

thread_local state here{};
std::atomic<long> blocks{0};

bool refused() {
    if (!here.armed || (here.refused && !here.for_good)) {
        return false;
    }
    here.refused = here.refused || here.left-- == 0;
    return here.refused;
}

template <class Function>
Function* real(const char* name) {
    return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

void* counted(void* block) {
    if (block) {
        ++blocks;
    } else {
        errno = ENOMEM;
    }
    return block;
}

}  // namespace

extern "C" {

void* __libc_malloc(std::size_t);
void* __libc_calloc(std::size_t, std::size_t);
void* __libc_realloc(void*, std::size_t);
void* __libc_memalign(std::size_t, std::size_t);
void __libc_free(void*);

void* malloc(std::size_t size) noexcept {
    return counted(refused() ? nullptr : __libc_malloc(size));
}
void* calloc(std::size_t count, std::size_t size) noexcept {
    return counted(refused() ? nullptr : __libc_calloc(count, size));
}
void* realloc(void* block, std::size_t size) noexcept {
    if (refused()) {
        errno = ENOMEM;
        return nullptr;
    }
    void* const made = __libc_realloc(block, size);
    blocks += (made && !block) - (!made && block);
    return made;
}
void* aligned_alloc(std::size_t alignment, std::size_t size) noexcept {
    return counted(refused() ? nullptr : __libc_memalign(alignment, size));
}
int posix_memalign(void** made, std::size_t alignment, std::size_t size) noexcept {
    *made = aligned_alloc(alignment, size);
    return *made ? 0 : ENOMEM;
}
void free(void* block) noexcept {
    if (block) {
        --blocks;
    }
    __libc_free(block);
}

void* mmap(void* at, std::size_t size, int protection, int flags, int file, off_t from) noexcept {
    static auto* const next = real<decltype(::mmap)>("mmap");
    if (refused()) {
        errno = ENOMEM;
        return MAP_FAILED;
    }
    return next(at, size, protection, flags, file, from);
}

int eventfd(unsigned value, int flags) noexcept {
    static auto* const next = real<decltype(::eventfd)>("eventfd");
    if (refused()) {
        errno = EMFILE;
        return -1;
    }
    return next(value, flags);
}

int pthread_create(pthread_t* made, const pthread_attr_t* how, void* (*run)(void*),
                   void* context) noexcept {
    static auto* const next = real<decltype(::pthread_create)>("pthread_create");
    return refused() ? EAGAIN : next(made, how, run, context);
}

}  // extern "C"

namespace weir::abi::test {

shortage::shortage(std::size_t at, bool for_good) {
    here = {true, for_good, false, at};
}

shortage::~shortage() {
    here = {};
}

bool shortage::came() const {
    return here.refused;
}

long blocks_in_use() {
    return blocks;
}

}  // namespace weir::abi::test
