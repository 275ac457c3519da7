/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "emulation/host-interface.h"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <exception>
#include <fcntl.h>
#include <functional>
#include <linux/if_packet.h>
#include <linux/if_tun.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <system_error>
#include <thread>
#include <unistd.h>
#include <utility>

namespace ns3
{
namespace mtlink
{

namespace
{

/** Throw what the system says, unless all is well. */
void
Require(bool holds, const std::string& what)
{
    if (!holds)
    {
        throw std::system_error(errno, std::generic_category(), what);
    }
}

/** Run something inside a network namespace: a thread can be in another than its process. */
void
RunInside(const std::string& netns, const std::function<void()>& function)
{
    if (netns.empty())
    {
        function();
        return;
    }
    std::exception_ptr error;
    std::thread inside([&] {
        try
        {
            const FrameDescriptor space(open(netns.c_str(), O_RDONLY | O_CLOEXEC));
            Require(space.Get() >= 0, netns);
            Require(setns(space.Get(), CLONE_NEWNET) == 0, "entering " + netns);
            function();
        }
        catch (...)
        {
            error = std::current_exception();
        }
    });
    inside.join();
    if (error)
    {
        std::rethrow_exception(error);
    }
}

/** A request to the kernel about an interface. */
class InterfaceRequest
{
  public:
    /** @param [in] name The interface. */
    explicit InterfaceRequest(const std::string& name)
        : m_name(name),
          m_socket(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0))
    {
        Require(m_socket.Get() >= 0, "a socket");
        Clear();
    }

    /** @return the request's fields, to be filled. */
    ifreq& Get()
    {
        return m_request;
    }

    /** Ask. @param [in] code What. @param [in] what For the message. */
    void Ask(unsigned long code, const std::string& what)
    {
        Require(ioctl(m_socket.Get(), code, &m_request) == 0, m_name + ": " + what);
    }

    /** Forget all but the name. */
    void Clear()
    {
        m_request = {};
        std::strncpy(m_request.ifr_name, m_name.c_str(), IFNAMSIZ - 1);
    }

  private:
    std::string m_name;       //!< The interface
    FrameDescriptor m_socket; //!< By which the kernel is asked
    ifreq m_request{};        //!< The request
};

/** Give an interface an IPv4 address, or a mask. */
void
SetIpv4(InterfaceRequest& request, unsigned long code, uint32_t address, const std::string& what)
{
    request.Clear();
    auto* const socketAddress = reinterpret_cast<sockaddr_in*>(&request.Get().ifr_addr);
    socketAddress->sin_family = AF_INET;
    socketAddress->sin_addr.s_addr = htonl(address);
    request.Ask(code, what);
}

/** Address, length of queue, MTU; then up. */
void
SetUp(const HostInterface& interface)
{
    InterfaceRequest request(interface.name);
    std::array<unsigned, 6> mac{};
    if (std::sscanf(interface.mac.c_str(),
                    "%x:%x:%x:%x:%x:%x",
                    &mac[0],
                    &mac[1],
                    &mac[2],
                    &mac[3],
                    &mac[4],
                    &mac[5]) == 6)
    {
        request.Get().ifr_hwaddr.sa_family = ARPHRD_ETHER;
        std::copy(mac.begin(), mac.end(), request.Get().ifr_hwaddr.sa_data);
        request.Ask(SIOCSIFHWADDR, "address " + interface.mac);
    }
    request.Clear();
    request.Get().ifr_mtu = static_cast<int>(interface.mtu);
    request.Ask(SIOCSIFMTU, "MTU " + std::to_string(interface.mtu));
    request.Clear();
    request.Get().ifr_qlen = static_cast<int>(interface.queue);
    try
    {
        request.Ask(SIOCSIFTXQLEN, "length of its queue");
    }
    catch (const std::system_error&)
    {
        // Not allowed in a user's own namespace: a burst may be dropped before it comes to us.
    }
    in_addr address{};
    Require(inet_aton(interface.address.c_str(), &address) != 0, interface.address);
    SetIpv4(request, SIOCSIFADDR, ntohl(address.s_addr), interface.address);
    SetIpv4(request, SIOCSIFNETMASK, ~0U << (32 - interface.prefix), "its network");
    request.Clear();
    request.Ask(SIOCGIFFLAGS, "its flags");
    request.Get().ifr_flags |= IFF_UP | IFF_RUNNING;
    request.Ask(SIOCSIFFLAGS, "up");
}

} // namespace

FrameDescriptor::FrameDescriptor(int fd)
    : m_fd(fd)
{
    if (fd >= 0)
    {
        fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
    }
}

FrameDescriptor::~FrameDescriptor()
{
    if (m_fd >= 0)
    {
        close(m_fd);
    }
}

FrameDescriptor::FrameDescriptor(FrameDescriptor&& other) noexcept
    : m_fd(std::exchange(other.m_fd, -1))
{
}

FrameDescriptor&
FrameDescriptor::operator=(FrameDescriptor&& other) noexcept
{
    std::swap(m_fd, other.m_fd);
    return *this;
}

FrameDescriptor
OpenTap(const HostInterface& interface)
{
    FrameDescriptor tap;
    RunInside(interface.netns, [&] {
        tap = FrameDescriptor(open("/dev/net/tun", O_RDWR | O_CLOEXEC));
        if (tap.Get() < 0 && errno == ENOENT)
        {
            errno = ENXIO; // of this machine, not of the arguments
        }
        Require(tap.Get() >= 0, "/dev/net/tun");
        // Without IFF_VNET_HDR the kernel computes checksums and cuts segments itself.
        ifreq request{};
        std::strncpy(request.ifr_name, interface.name.c_str(), IFNAMSIZ - 1);
        request.ifr_flags = IFF_TAP | IFF_NO_PI;
        Require(ioctl(tap.Get(), TUNSETIFF, &request) == 0, "tap " + interface.name);
        SetUp(interface);
    });
    return tap;
}

FrameDescriptor
OpenPacketSocket(const std::string& netns, const std::string& name)
{
    FrameDescriptor frames;
    RunInside(netns, [&] {
        frames = FrameDescriptor(socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, htons(ETH_P_ALL)));
        Require(frames.Get() >= 0, "a packet socket");
        const unsigned index = if_nametoindex(name.c_str());
        Require(index != 0, name + ", our end of a host's veth pair");
        const int yes = 1; // what we write ourselves is not read again
        Require(setsockopt(frames.Get(), SOL_PACKET, PACKET_IGNORE_OUTGOING, &yes, sizeof yes) == 0,
                name + ": ignoring what is sent");
        sockaddr_ll address{};
        address.sll_family = AF_PACKET;
        address.sll_protocol = htons(ETH_P_ALL);
        address.sll_ifindex = static_cast<int>(index);
        Require(bind(frames.Get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0,
                name);
        packet_mreq all{};
        all.mr_ifindex = static_cast<int>(index);
        all.mr_type = PACKET_MR_PROMISC; // the host's address is that of the other end
        Require(setsockopt(frames.Get(), SOL_PACKET, PACKET_ADD_MEMBERSHIP, &all, sizeof all) == 0,
                name + ": promiscuous");
    });
    return frames;
}

bool
IsForWantOfRights(int code)
{
    return code == EPERM || code == EACCES || code == ENXIO;
}

} // namespace mtlink
} // namespace ns3
