/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "mtlink-report-style.h"

namespace ns3
{
namespace mtlink
{

const char* const REPORT_STYLE = R"css(
:root {
  color-scheme: light dark;
  --page: #f7f8f9; --card: #fff; --text: #1b2430; --soft: #566270; --line: #e1e5ea; --faint: #eef1f4;
  --heat: #1f6f9f; --flow: #4c5b6e; --stall: #c2410c; --link: #1b6391; --on: #fff; --good: #26734d; --bad: #b3321c;
  --c0: #2a6f97; --c1: #a34d14; --c2: #2c7549; --c3: #7f4a99; --c4: #a03350; --c5: #66661a;
  --c6: #3d57a6; --c7: #75502f;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #11151a; --card: #181e25; --text: #e4e9ef; --soft: #9ba8b6; --line: #2b343f;
    --faint: #222a33;
    --heat: #56b4e6; --flow: #b4c0cd; --stall: #ff8a4c; --link: #7cc4ee; --on: #11151a; --good: #7fd1a3;
    --bad: #ff9b85;
    --c0: #7cc0e8; --c1: #f0a877; --c2: #86d0a3; --c3: #cda6e4; --c4: #ee9cab; --c5: #cfcf7a;
    --c6: #a2b5f0; --c7: #d6b492;
  }
}
*, *::before { box-sizing: border-box; }
html { font-size: clamp(15px, 7.5px + .5vw, 25px); }
body {
  margin: 0; background: var(--page); color: var(--text);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", "Noto Sans", "Helvetica Neue", Arial,
    sans-serif;
}
main, header, footer { max-width: 130rem; margin: 0 auto; padding: 0 clamp(.8rem, 3vw, 3rem); }
header { padding-top: clamp(1.2rem, 3vw, 2.6rem); }
h1 { margin: 0; font-size: 1.75rem; line-height: 1.2; font-weight: 650; letter-spacing: -.01em;
  overflow-wrap: anywhere; }
h2 { margin: 2.6rem 0 .9rem; font-size: 1.2rem; font-weight: 650; }
p { margin: .3rem 0; max-width: 75ch; }
a { color: var(--link); }
a:focus-visible, [tabindex]:focus-visible, summary:focus-visible {
  outline: 2px solid var(--link); outline-offset: 2px; border-radius: .2rem; }
.skip { position: absolute; left: -100vw; }
.skip:focus { left: 1rem; top: .5rem; background: var(--card); padding: .3rem .6rem; }
.lead { color: var(--soft); overflow-wrap: anywhere; }
nav ul { display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; margin: .9rem 0 0; padding: 0;
  list-style: none; font-size: .9rem; }
nav a { text-decoration: none; }
nav a:hover { text-decoration: underline; }
.warning { border-left: .25rem solid var(--bad); padding: .5rem .9rem; margin: 1rem 0 0;
  background: var(--card); }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: .8rem;
  margin: 1.6rem 0 1rem; }
.tiles div { background: var(--card); border: 1px solid var(--line); border-radius: .5rem;
  padding: .75rem 1rem; }
.tiles dt { font-size: .8rem; color: var(--soft); }
.tiles dd { margin: .1rem 0 0; font-size: 1.45rem; font-weight: 600; line-height: 1.25;
  font-variant-numeric: tabular-nums; }
.tiles small { display: block; font-size: .75rem; font-weight: 400; color: var(--soft); }
.cards { display: flex; flex-wrap: wrap; gap: 1rem; align-items: flex-start; }
.table, figure, details { margin-top: 1rem; background: var(--card); border: 1px solid var(--line);
  border-radius: .5rem; margin: 0 0 1rem; padding: .9rem 1rem; min-width: 0; }
.cards > * { margin: 0; flex: 1 1 34rem; max-width: min(100%, 58rem); min-width: min(100%, 25rem); }
.cards + .cards { margin-top: 1rem; }
.cards > p { flex-basis: 100%; }
.scroll { overflow-x: auto; container-type: inline-size; }
caption span { display: block; max-width: 100cqw; }
table { border-collapse: separate; border-spacing: 0; min-width: 100%; font-size: .875rem;
  font-variant-numeric: tabular-nums; }
caption, figcaption { text-align: left; font-weight: 600; font-size: .95rem; padding: 0 0 .5rem; }
th, td { text-align: left; padding: .32rem .6rem; border-top: 1px solid var(--faint);
  vertical-align: baseline; font-weight: 400; }
th:first-child, td:first-child { padding-left: 0; }
th:last-child, td:last-child { padding-right: 0; }
thead th { color: var(--soft); font-size: .8rem; border-top: 0; vertical-align: bottom; }
thead td { border-top: 0; }
thead tr:last-child th { border-bottom: 1px solid var(--line); }
thead .n { white-space: normal; }
tbody th { position: sticky; left: 0; background: var(--card); }
th[scope=colgroup] { text-align: left; padding-left: 1.6rem; color: var(--text); font-weight: 600;
  border-left: 1px solid var(--faint); }
@media (min-width: 50rem) { th[scope=row] small { white-space: nowrap; } }
.n { text-align: right; white-space: nowrap; }
small { color: var(--soft); font-size: .8em; }
.note { color: var(--soft); font-size: .8rem; margin: .6rem 0 0; max-width: 115ch; }
.meter { display: inline-block; width: 3.4rem; height: .5rem; margin-right: .55rem;
  background: var(--faint); border-radius: .25rem; overflow: hidden; vertical-align: .06rem; }
.meter span { display: block; height: 100%; background: var(--heat); }
.chart { display: grid; grid-template-columns: minmax(4.4rem, max-content) minmax(0, 1fr);
  column-gap: .7rem; font-size: .78rem; }
.labels { color: var(--soft); max-width: min(28vw, 15rem); text-align: right; }
.labels div { overflow: hidden; white-space: nowrap; text-overflow: ellipsis; }
.labels b { color: var(--text); font-weight: 600; }
.chart > svg { width: 100%; display: block; font-size: 1em; overflow: hidden; }
svg text { fill: var(--soft); font-variant-numeric: tabular-nums; }
.grid line { stroke: var(--line); stroke-width: 1px; shape-rendering: crispEdges; }
.rows rect { shape-rendering: crispEdges; }
.rows text { fill: var(--on); }
.h1, .h2, .h3, .h4, .h5, .h6, .h7, .h8 { fill: var(--heat); }
.m1, .m2, .m3, .m4, .m5, .m6, .m7, .m8 { fill: var(--flow); }
.h1, .m1 { fill-opacity: .13; } .h2, .m2 { fill-opacity: .24; } .h3, .m3 { fill-opacity: .36; }
.h4, .m4 { fill-opacity: .48; } .h5, .m5 { fill-opacity: .6; } .h6, .m6 { fill-opacity: .73; }
.h7, .m7 { fill-opacity: .86; }
.s1, .s2, .s3, .s4 { fill: var(--stall); }
.s1 { fill-opacity: .4; } .s2 { fill-opacity: .6; } .s3 { fill-opacity: .8; }
.c0 { fill: var(--c0); } .c1 { fill: var(--c1); } .c2 { fill: var(--c2); } .c3 { fill: var(--c3); }
.c4 { fill: var(--c4); } .c5 { fill: var(--c5); } .c6 { fill: var(--c6); } .c7 { fill: var(--c7); }
.b0 { background: var(--c0); } .b1 { background: var(--c1); } .b2 { background: var(--c2); }
.b3 { background: var(--c3); } .b4 { background: var(--c4); } .b5 { background: var(--c5); }
.b6 { background: var(--c6); } .b7 { background: var(--c7); }
.legend { display: flex; flex-wrap: wrap; gap: .3rem 1.3rem; margin: 0 0 .9rem; padding: 0;
  list-style: none; font-size: .82rem; color: var(--soft); }
.swatch, .ramp { display: inline-block; height: .7rem; border-radius: .15rem; margin-right: .45rem;
  vertical-align: -.03rem; }
.swatch { width: .9rem; }
.ramp { width: 3.6rem; background: linear-gradient(90deg, var(--faint), var(--heat)); }
.ramp.flow { background: linear-gradient(90deg, var(--faint), var(--flow)); }
.ramp.stall { background: linear-gradient(90deg, var(--faint), var(--stall)); }
summary { cursor: pointer; font-weight: 600; font-size: .95rem; }
pre { overflow-x: auto; margin: .8rem 0 0; font: .82rem/1.5 ui-monospace, "DejaVu Sans Mono",
  Menlo, Consolas, monospace; }
footer { color: var(--soft); font-size: .8rem; padding-top: 2rem; padding-bottom: 2.5rem; }
@media print { .skip, nav { display: none; } body { background: none; } }
)css";

} // namespace mtlink
} // namespace ns3
