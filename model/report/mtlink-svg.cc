/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "mtlink-svg.h"

#include "mtlink-human-text.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace ns3
{
namespace mtlink
{

namespace
{

constexpr double PERCENT{100}; //!< The whole width

/**
 * @param [in] number A place or length.
 * @return the same, short.
 */
std::string
Short(double number)
{
    std::string text = fmt::format("{:.2f}", number);
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.')
    {
        text.pop_back();
    }
    return text;
}

} // namespace

double
GetNiceStep(double end, int most)
{
    const double power = std::pow(10, std::floor(std::log10(end / most)));
    for (const double factor : {1.0, 2.0, 5.0})
    {
        if (end / (factor * power) <= most)
        {
            return factor * power;
        }
    }
    constexpr double NEXT_POWER = 10;
    return NEXT_POWER * power;
}

RowChart::RowChart(std::string id, std::string title, std::string description, Axis axis)
    : m_id(std::move(id)),
      m_title(std::move(title)),
      m_description(std::move(description)),
      m_axis(std::move(axis))
{
}

double
RowChart::Percent(double value) const
{
    return std::clamp(value / m_axis.end, 0.0, 1.0) * PERCENT;
}

void
RowChart::AddRow(const std::string& label, double height)
{
    m_labels += fmt::format("<div style=\"height:{0}em;line-height:{0}em\">{1}</div>",
                            Short(height),
                            label);
    m_top = m_bottom;
    m_bottom += height;
}

void
RowChart::AddRect(double from,
                  double to,
                  double top,
                  double height,
                  const std::string& cls,
                  const std::string& tip,
                  const std::string& text)
{
    const std::string place = fmt::format("x=\"{}%\" y=\"{}em\" width=\"{}%\" height=\"{}em\"",
                                          Short(Percent(from)),
                                          Short(m_top + top),
                                          Short(std::max(Percent(to) - Percent(from), 0.01)),
                                          Short(height));
    const std::string title = tip.empty() ? "" : "<title>" + tip + "</title>";
    if (text.empty())
    {
        m_shapes += fmt::format("<rect class=\"{}\" {}>{}</rect>\n", cls, place, title);
    }
    else
    {
        // An inner svg cuts the text off where the rectangle ends.
        m_shapes += fmt::format("<svg {}>{}<rect class=\"{}\" width=\"100%\" height=\"100%\"/>"
                                "<text x=\".4em\" y=\"1.15em\">{}</text></svg>\n",
                                place,
                                title,
                                cls,
                                text);
    }
}

std::string
RowChart::Finish() const
{
    constexpr int MOST_STEPS = 5;
    constexpr double AXIS_HEIGHT = 1.9;
    constexpr double NEAR_START = 3;
    constexpr double NEAR_END = 94;
    std::string lines;
    std::string labels;
    const double end = m_axis.end / m_axis.unit;
    const double step = GetNiceStep(end, MOST_STEPS);
    for (int i = 0; i * step <= end * (1 + 1e-9); ++i)
    {
        const double percent = Percent(i * step * m_axis.unit);
        const std::string at = Short(percent);
        lines += fmt::format("<line x1=\"{0}%\" x2=\"{0}%\" y1=\"0\" y2=\"{1}em\"/>",
                             at,
                             Short(m_bottom + 0.4));
        labels += fmt::format("<text x=\"{}%\" y=\"{}em\" text-anchor=\"{}\">{}{}</text>",
                              at,
                              Short(m_bottom + 1.5),
                              percent < NEAR_START ? "start"
                              : percent > NEAR_END ? "end"
                                                   : "middle",
                              DecimalText(i * step),
                              i == 0 ? "" : m_axis.unitName);
    }
    return fmt::format("<div class=\"chart\"><div class=\"labels\" aria-hidden=\"true\">{labels}"
                       "</div>\n<svg style=\"height:{height}em\" role=\"img\" "
                       "aria-labelledby=\"{id}-t {id}-d\"><title id=\"{id}-t\">{title}</title>"
                       "<desc id=\"{id}-d\">{description}</desc>\n"
                       "<g class=\"grid\">{lines}</g>\n<g class=\"rows\">{shapes}</g>\n"
                       "<g class=\"axis\">{axis}</g></svg></div>\n",
                       fmt::arg("labels", m_labels),
                       fmt::arg("height", Short(m_bottom + AXIS_HEIGHT)),
                       fmt::arg("id", m_id),
                       fmt::arg("title", m_title),
                       fmt::arg("description", m_description),
                       fmt::arg("lines", lines),
                       fmt::arg("shapes", m_shapes),
                       fmt::arg("axis", labels));
}

} // namespace mtlink
} // namespace ns3
