// SPDX-License-Identifier: BSL-1.0
#include <boost/fiber/detail/spinlock_ttas.hpp>

// One function that is a lock() and nothing else.
extern "C" void weir_lock_probe(boost::fibers::detail::spinlock_ttas& lock);
extern "C" void weir_lock_probe(boost::fibers::detail::spinlock_ttas& lock) { lock.lock(); }
