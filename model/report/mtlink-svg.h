/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#ifndef MTLINK_SVG_H
#define MTLINK_SVG_H

#include <string>
#include <vector>

namespace ns3
{
namespace mtlink
{

/** @ingroup mtlink
 * A horizontal axis from 0. */
struct Axis
{
    double end{1};                   //!< Its end, in the chart's unit, above 0
    double unit{1};                  //!< So much of the chart's unit is one of the labels' unit
    std::string unitName{"\u00a0%"}; //!< Follows each label
};

/**
 * @ingroup mtlink
 * @param [in] end End of a scale that starts at 0, above 0.
 * @param [in] most Most steps.
 * @return the least step of the form 1, 2 or 5 times a power of ten that divides the scale into
 * no more than so many.
 */
double GetNiceStep(double end, int most);

/**
 * @ingroup mtlink
 * An inline SVG chart of labelled rows over one horizontal axis. Across it is measured in
 * percent, down it in ems: so it takes any width, and its letters keep their size.
 */
class RowChart
{
  public:
    /**
     * @param [in] id Unique in the page.
     * @param [in] title Its title, HTML.
     * @param [in] description What it shows, for who can't see it, HTML.
     * @param [in] axis Its axis.
     */
    RowChart(std::string id, std::string title, std::string description, Axis axis);

    /**
     * Add a row below those there are; what is drawn next is drawn in it.
     * @param [in] label Its label, HTML.
     * @param [in] height Its height, in ems.
     */
    void AddRow(const std::string& label, double height);

    /**
     * Draw a rectangle in the last row.
     * @param [in] from Left edge, in the axis' unit.
     * @param [in] to Right edge.
     * @param [in] top Upper edge, in ems from the row's.
     * @param [in] height Height, in ems.
     * @param [in] cls Its class in the style sheet.
     * @param [in] tip Shown when pointed at, HTML; may be empty.
     * @param [in] text Written in it as far as there is room, HTML; may be empty.
     */
    void AddRect(double from,
                 double to,
                 double top,
                 double height,
                 const std::string& cls,
                 const std::string& tip,
                 const std::string& text = "");

    /** @return the HTML. */
    std::string Finish() const;

  private:
    /** @param [in] value A value on the axis. @return its place, in percent. */
    double Percent(double value) const;

    std::string m_id;          //!< Unique in the page
    std::string m_title;       //!< Title
    std::string m_description; //!< Description
    Axis m_axis;               //!< Axis
    std::string m_labels;      //!< Of the rows
    std::string m_shapes;      //!< Drawn so far
    double m_top{0};           //!< Upper edge of the last row
    double m_bottom{0};        //!< Its lower edge
};

} // namespace mtlink
} // namespace ns3

#endif // MTLINK_SVG_H
