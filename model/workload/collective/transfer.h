/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_TRANSFER_H
#define MTLINK_TRANSFER_H

#include <coroutine>
#include <cstdint>
#include <exception>
#include <span>
#include <utility>
#include <vector>

namespace ns3
{
namespace mtlink
{

/** @ingroup mtlink A piece of a collective's data: where it lies in the whole, and its length. */
struct Segment
{
    uint64_t offset{0}; //!< Bytes from the start
    uint64_t bytes{0};  //!< Length, bytes

    bool operator==(const Segment&) const = default;
};

/** @ingroup mtlink Blocks by index, `first` to before `last`. */
struct BlockRange
{
    uint32_t first{0}; //!< First block
    uint32_t last{0};  //!< After the last block
};

/** @ingroup mtlink Members of a collective that run a part of it together, in order. */
using Team = std::vector<uint32_t>;

/** The strand of the receiver that has the sender's number. */
inline constexpr uint32_t SAME_STRAND = UINT32_MAX;

/** Places in program order that one message takes: see Transfer::place. */
inline constexpr uint64_t PLACES = 8;

/**
 * @ingroup mtlink
 * What one member does next in its part of a collective: it sends a message, or takes one in.
 *
 * A send waits for whatever made the member's copy of the blocks that it carries; a reduction for
 * its message and for whatever made the copy that it adds to. So an algorithm says only what goes
 * where, in an order in which it can be done.
 */
struct Transfer
{
    /** What is done. */
    enum Type : uint8_t
    {
        SEND,    //!< The member sends
        RECEIVE, //!< A message comes in, and is stored
        REDUCE,  //!< A message comes in, and is reduced into the member's copy
        GATE,    //!< Sends from here on wait for the member's latest REDUCE of this strand
    };

    /**
     * Program order over all members of the collective: a message's SEND has its place, its
     * RECEIVE the next one. What becomes ready at one instant starts in this order.
     */
    uint64_t place{0};
    uint64_t reducePlace{0};          //!< REDUCE: place of the reduction itself
    BlockRange blocks[2]{};           //!< What it carries of the row of blocks
    uint64_t bytes{0};                //!< What it carries beside blocks, bytes
    std::span<const Segment> data;    //!< The same, where a tool wants to know
    std::span<const uint64_t> after;  //!< SEND: places of receives of this strand to wait for
    uint32_t peer{0};                 //!< The member at the other end
    uint32_t flow{0};                 //!< Flow label
    uint32_t peerStrand{SAME_STRAND}; //!< SEND: the receiver's strand that takes it in
    Type type{SEND};                  //!< What is done
    bool isOriginal{false};           //!< Of the caller's buffer, not of the running result
    bool isExchange{false};           //!< REDUCE: only after the member's latest SEND has started
    bool isLast{false};               //!< RECEIVE: nothing of its member waits for it
};

struct RingPhase;

/**
 * @ingroup mtlink
 * The transfers of one member, in its order, each computed as it is asked for: a coroutine that
 * yields them, or all of another one, or all of a ring's. Nothing is kept of those that were.
 */
class Transfers
{
  public:
    /** What comes next. */
    enum Step : uint8_t
    {
        END,      //!< Nothing
        TRANSFER, //!< A transfer: Get()
        RING,     //!< A ring: GetRing()
    };

    /** What C++ wants of a coroutine. */
    struct promise_type
    {
        const Transfer* current{nullptr}; //!< The latest; lives in the coroutine till it goes on
        const RingPhase* ring{nullptr};   //!< What comes next is this ring; lives as long
        std::coroutine_handle<promise_type> inner; //!< Whose transfers come before more of its own

        Transfers get_return_object()
        {
            return Transfers(std::coroutine_handle<promise_type>::from_promise(*this));
        }

        std::suspend_always initial_suspend() noexcept
        {
            return {};
        }

        std::suspend_always final_suspend() noexcept
        {
            return {};
        }

        std::suspend_always yield_value(const Transfer& transfer) noexcept
        {
            current = &transfer;
            return {};
        }

        /** Yield all of another one's transfers. @param [in] transfers The other. */
        std::suspend_always yield_value(Transfers&& transfers) noexcept
        {
            inner = std::exchange(transfers.m_handle, nullptr);
            return {};
        }

        /** Yield all transfers of a ring. @param [in] phase The member's part in it. */
        std::suspend_always yield_value(const RingPhase& phase);

        ~promise_type()
        {
            if (inner)
            {
                inner.destroy();
            }
        }

        void return_void()
        {
        }

        void unhandled_exception()
        {
            throw;
        }
    };

    Transfers() = default;

    Transfers(Transfers&& other) noexcept
        : m_handle(std::exchange(other.m_handle, nullptr))
    {
    }

    Transfers& operator=(Transfers&& other) noexcept
    {
        std::swap(m_handle, other.m_handle);
        return *this;
    }

    ~Transfers()
    {
        if (m_handle)
        {
            m_handle.destroy();
        }
    }

    /** @return whether there is another one, those of rings included; Get() then has it. */
    bool Next()
    {
        Step step = NextOrRing();
        while (step == RING)
        {
            step = NextOrRing();
        }
        return step == TRANSFER;
    }

    /**
     * Go on, and stop where a ring begins.
     * @return what is there. After RING the ring's own transfers come next, unless SkipRing()
     * leaves them out.
     */
    Step NextOrRing()
    {
        return Advance(m_handle);
    }

    /** @return the latest; valid until Next(). */
    const Transfer& Get() const
    {
        return *m_handle.promise().current;
    }

    /** @return the ring that begins here; valid until Next() or NextOrRing(). */
    const RingPhase& GetRing() const
    {
        return *m_handle.promise().ring;
    }

    /** Leave out the transfers of the ring that begins here. */
    void SkipRing()
    {
        promise_type* promise = &m_handle.promise();
        while (promise->inner.promise().ring)
        {
            promise = &promise->inner.promise();
        }
        std::exchange(promise->inner, nullptr).destroy();
    }

  private:
    explicit Transfers(std::coroutine_handle<promise_type> handle)
        : m_handle(handle)
    {
    }

    /** @return what a coroutine has next; it is its current one then. */
    static Step Advance(std::coroutine_handle<promise_type> handle)
    {
        promise_type& promise = handle.promise();
        promise.ring = nullptr;
        for (;;)
        {
            if (promise.inner)
            {
                const Step step = Advance(promise.inner);
                if (step != END)
                {
                    promise.current = promise.inner.promise().current;
                    promise.ring = promise.inner.promise().ring;
                    return step;
                }
                std::exchange(promise.inner, nullptr).destroy();
            }
            handle.resume();
            if (handle.done())
            {
                return END;
            }
            if (promise.ring)
            {
                return RING;
            }
            if (!promise.inner)
            {
                return TRANSFER;
            }
        }
    }

    std::coroutine_handle<promise_type> m_handle; //!< The coroutine
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_TRANSFER_H
