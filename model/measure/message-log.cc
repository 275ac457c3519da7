/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "measure/message-log.h"

#include "measure/even-sample.h"

#include <algorithm>

namespace ns3
{
namespace mtlink
{

MessageLog::MessageLog(const std::string& directory, const RowLimits& limits, uint32_t workloads)
    : m_limits(limits),
      m_isOrdered(workloads <= 1)
{
    if (directory.empty() || limits.messages == 0)
    {
        return;
    }
    try
    {
        m_file = std::make_unique<MessageFile>(directory, limits.plainMessages, 1);
    }
    catch (const WriteError& error)
    {
        m_failure = error;
    }
}

void
MessageLog::Expect(uint64_t messages)
{
    Thin(messages);
}

uint64_t
MessageLog::Begin(const MessageResult& row, uint32_t workload)
{
    if (m_isOrdered)
    {
        Admit(row);
        return m_begun++;
    }
    if (!m_instant.empty() && m_instant.front().row.start != row.start)
    {
        CloseInstant();
    }
    m_instant.push_back({row, workload});
    return m_begun++;
}

std::optional<uint64_t>
MessageLog::LeaveNextOut()
{
    // Where several workloads send, its id is known when the instant is over.
    if (!m_isOrdered || IsSampled(m_admitted, GetHeldOneIn()))
    {
        return std::nullopt;
    }
    ++m_admitted;
    Thin(m_admitted);
    return m_begun++;
}

void
MessageLog::End(uint64_t number, Tick end)
{
    if (number >= m_admitted)
    {
        m_instant[number - m_admitted].row.end = end;
        return;
    }
    uint64_t id = number;
    if (const auto moved = m_moved.find(number); moved != m_moved.end())
    {
        id = moved->second;
        m_moved.erase(moved);
    }
    const uint64_t oneIn = GetHeldOneIn();
    if (IsSampled(id, oneIn))
    {
        m_held[id / oneIn - m_held.front().id / oneIn].end = end;
        WriteEnded();
    }
}

void
MessageLog::Finish()
{
    CloseInstant();
    while (!m_held.empty())
    {
        WriteFirst();
    }
}

RowCount
MessageLog::GetRows() const
{
    const uint64_t all = m_begun + m_unlisted;
    return m_file ? RowCount{all, m_file->GetRows(), m_file->GetOneIn(), m_unlisted}
                  : RowCount{all, 0, 0, m_unlisted};
}

void
MessageLog::Close()
{
    if (m_failure)
    {
        throw WriteError(*m_failure);
    }
    if (m_file)
    {
        m_file->Close();
    }
}

void
MessageLog::CloseInstant()
{
    // Mostly a single workload sends at a time.
    const uint64_t first = m_admitted;
    std::vector<uint32_t> order(m_instant.size());
    for (uint32_t i = 0; i < order.size(); ++i)
    {
        order[i] = i;
    }
    std::stable_sort(order.begin(), order.end(), [this](uint32_t a, uint32_t b) {
        return m_instant[a].workload < m_instant[b].workload;
    });
    for (uint32_t i = 0; i < order.size(); ++i)
    {
        if (order[i] != i && m_instant[order[i]].row.end == NEVER)
        {
            m_moved[first + order[i]] = first + i;
        }
        Admit(m_instant[order[i]].row);
    }
    m_instant.clear();
    WriteEnded();
}

void
MessageLog::Admit(MessageResult row)
{
    row.id = m_admitted++;
    Thin(m_admitted);
    if (IsSampled(row.id, GetHeldOneIn()))
    {
        m_held.push_back(row);
    }
}

void
MessageLog::Thin(uint64_t messages)
{
    const uint64_t before = GetHeldOneIn();
    const uint64_t kept = OneIn(messages, m_limits.keptMessages, m_keptOneIn);
    if (kept != m_keptOneIn)
    {
        m_keptOneIn = kept;
        std::erase_if(m_kept,
                      [kept](const MessageResult& row) { return !IsSampled(row.id, kept); });
    }
    if (m_file)
    {
        const uint64_t written = OneIn(messages, m_limits.messages, m_file->GetOneIn());
        if (written != m_file->GetOneIn())
        {
            Try([this, written] { m_file->Thin(written); });
        }
    }
    if (GetHeldOneIn() != before)
    {
        LeaveOut();
    }
}

void
MessageLog::Try(const std::function<void()>& write)
{
    try
    {
        write();
    }
    catch (const WriteError& error)
    {
        // Its bytes make room for the other results.
        m_failure = error;
        m_file.reset();
        LeaveOut();
    }
}

void
MessageLog::LeaveOut()
{
    const uint64_t oneIn = GetHeldOneIn();
    std::erase_if(m_held, [oneIn](const MessageResult& row) { return !IsSampled(row.id, oneIn); });
}

void
MessageLog::WriteEnded()
{
    while (!m_held.empty() && m_held.front().end != NEVER)
    {
        WriteFirst();
    }
}

void
MessageLog::WriteFirst()
{
    const MessageResult row = m_held.front();
    m_held.pop_front();
    if (IsSampled(row.id, m_keptOneIn))
    {
        m_kept.push_back(row);
    }
    if (m_file && IsSampled(row.id, m_file->GetOneIn()))
    {
        Try([this, &row] { m_file->Write(row); });
    }
}

uint64_t
MessageLog::GetHeldOneIn() const
{
    return m_file ? std::min(m_file->GetOneIn(), m_keptOneIn) : m_keptOneIn;
}

} // namespace mtlink
} // namespace ns3
