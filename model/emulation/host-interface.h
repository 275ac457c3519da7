/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_HOST_INTERFACE_H
#define MTLINK_HOST_INTERFACE_H

#include <cstdint>
#include <string>

namespace ns3
{
namespace mtlink
{

/**
 * @ingroup mtlink
 * A network interface of a real host.
 */
struct HostInterface
{
    std::string netns;     //!< Path of the host's network namespace; empty: our own
    std::string name;      //!< Of the interface
    std::string mac;       //!< Its address, "02:6d:74:00:00:01"
    std::string address;   //!< IPv4 address, "10.77.0.1"
    uint32_t prefix{16};   //!< Bits of its network
    uint32_t mtu{9000};    //!< MTU, bytes
    uint32_t queue{10000}; //!< Frames that wait for us; a tap drops beyond, it can't push back
};

/**
 * @ingroup mtlink
 * A descriptor of frames, one by each read and write, closed with its owner.
 */
class FrameDescriptor
{
  public:
    FrameDescriptor() = default;

    /** @param [in] fd An open descriptor, this object's from now on; made non-blocking. */
    explicit FrameDescriptor(int fd);
    ~FrameDescriptor();
    FrameDescriptor(FrameDescriptor&& other) noexcept;
    FrameDescriptor& operator=(FrameDescriptor&& other) noexcept;

    /** @return the descriptor; -1: none. */
    int Get() const
    {
        return m_fd;
    }

  private:
    int m_fd{-1}; //!< The descriptor
};

/**
 * @ingroup mtlink
 * Make a tap in a host's namespace, with its addresses, and bring it up. It goes when the
 * descriptor is closed, whatever ends this program.
 * @param [in] interface What to make.
 * @return its frames.
 * @throws std::system_error as the system refuses it.
 */
FrameDescriptor OpenTap(const HostInterface& interface);

/**
 * @ingroup mtlink
 * Open a packet socket on an interface that is there, such as our end of a veth pair. Needs no tap,
 * but CAP_NET_RAW in the namespace.
 * @param [in] netns Path of the interface's namespace; empty: our own.
 * @param [in] name Its name.
 * @return its frames.
 * @throws std::system_error as the system refuses it.
 */
FrameDescriptor OpenPacketSocket(const std::string& netns, const std::string& name);

/**
 * @ingroup mtlink
 * @param [in] code Why the system refused something, as of std::system_error.
 * @return whether it is for want of rights, or of taps: no fault of the arguments.
 */
bool IsForWantOfRights(int code);

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_HOST_INTERFACE_H
