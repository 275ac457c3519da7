/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "report/chinese-phrases.h"

namespace ns3
{
namespace mtlink
{

namespace
{

/** What rules of the verdict say, docs/verdict.md, in their order, and `mtlink compare`. */
constexpr Phrase PHRASES[]{
    // Words, and how the mode is told.
    {"link rate", "链路速率"},
    {"endpoint rate", "端点速率"},
    {"congestion", "拥塞"},
    {"latency", "时延"},
    {"software", "软件开销"},
    {"compute", "计算"},
    {"load", "负载"},
    {"faults", "故障"},
    {"{}, {n} of the time lost", "{0}，占损失时间的 {1}"},
    {"{} (mode flow)", "{0}（flow 模式）"},
    {"{} (mode flow, approximate)", "{0}（flow 模式，近似）"},
    {"{} (mode bound: as if every message were alone)", "{0}（bound 模式：视每条消息独占网络）"},
    {"{w} to {w}", "{0} 到 {1}"},
    {"{n}\u00a0flow", "{0} 条流"},
    {"{n}\u00a0flows", "{0} 条流"},
    {"{w} to {w}, {}", "{0} 到 {1}、{2}"},
    // Stopped, nothing.
    {"Nothing was sent: the size is 0 B, and its times mean nothing.",
     "什么也没有发送：大小为 0 B，各项时间没有意义。"},
    {"No packet was sent while it was measured: measure for longer, or offer more.",
     "测量期间没有发送包：请延长测量时间或加大负载。"},
    {"A fault ended the run: {e}.", "故障使运行中止：{0}。"},
    {"The run did not come to its end: {e}.", "运行没有到达终点：{0}。"},
    // Training.
    {"Of an iteration of {n} the slowest card, {w}, computes for {n}: kernels bound it.",
     "一次迭代 {0}，最慢的卡 {1} 有 {2} 的时间在计算：受计算核限制。"},
    {"Of an iteration of {n} the slowest card, {w}, computes for {n} (mode flow): kernels bound "
     "it.",
     "一次迭代 {0}，最慢的卡 {1} 有 {2} 的时间在计算（flow 模式）：受计算核限制。"},
    {"Of an iteration of {n} the slowest card, {w}, computes for {n} (mode flow, approximate): "
     "kernels "
     "bound it.",
     "一次迭代 {0}，最慢的卡 {1} 有 {2} 的时间在计算（flow 模式，近似）：受计算核限制。"},
    {"Of an iteration of {n} the slowest card, {w}, computes for {}; what takes most of the rest, "
     "{n}, is "
     "{}.",
     "一次迭代 {0}，最慢的卡 {1} 有 {2} 的时间在计算；其余时间里占得最多的（{3}）是{4}。"},
    {"the host, which launches kernels and collectives", "主机：启动计算核与集合通信"},
    {"communication that nothing hides", "没有被掩盖的通信"},
    {"communication that nothing hides, most of it on {}", "没有被掩盖的通信，其中大部分在 {0} 上"},
    {"waiting for training data, which its store reads and sends too slowly or is asked for too "
     "late",
     "等待训练数据：存储读取和发送太慢，或请求得太晚"},
    {"the bubble: waiting for stages of the pipeline that have not sent",
     "流水线气泡：等待尚未发送的流水级"},
    {"stragglers: slower cards, and waiting for them", "掉队者：较慢的卡，以及对它们的等待"},
    {"kernels that are run a second time", "重复执行的计算核（重计算）"},
    {"the host launches each kernel", "每个计算核都由主机启动"},
    {"the host takes part in each collective", "每次集合通信都有主机参与"},
    {"a shorter iteration; without launches and overheads of collectives it takes {n}",
     "迭代更短；没有任何开销时为 {0}"},
    {"an iteration of {n} instead of {n} (mode {w})", "迭代由 {1} 变为 {0}（模式：{2}）"},
    {"{} would be worth {}", "{0}：{1}"},
    {"nothing", "不作改变"},
    {"perfect fabric", "理想网络"},
    {"switched scale up", "纵向扩展网络改用交换机"},
    {"network twice as fast", "网络速率加倍"},
    {"no software overhead", "无软件开销"},
    {"no stragglers", "无掉队者"},
    {"the bubble is the same for more micro-batches", "微批次更多时气泡仍然一样大"},
    {"a higher mfu and tokens_per_s: the iteration takes less than twice as long",
     "mfu 与 tokens_per_s 更高：迭代时间不到原来的两倍"},
    // Load.
    {"Saturated: of {n} of the endpoints' rate offered {n} are accepted; {}.",
     "已饱和：所加负载为端点速率的 {0}，接受了 {1}；{2}。"},
    {"no link stands out", "没有哪条链路特别突出"},
    {"the {w} links are full, all about alike", "{0} 链路全部占满，且大致均匀"},
    {"{w} to {w} is the worst link", "最拥挤的链路是 {0} 到 {1}"},
    {"{w} to {w} is the worst link, with {n} over it", "最拥挤的链路是 {0} 到 {1}，经过它的有 {2}"},
    {"{w} to {w} is the worst link, with {n} over it that would send {n} times its rate",
     "最拥挤的链路是 {0} 到 {1}，经过它的有 {2}，它们要发送的是其速率的 {3} 倍"},
    {"{w} to {w} is the worst link that would send {n} times its rate",
     "最拥挤的链路是 {0} 到 {1}，要经过它的是其速率的 {2} 倍"},
    {"victims, held up by {w} without going there: {}",
     "受害流（被 {0} 拖住，却并不去往那里）：{1}"},
    {"beyond saturation latencies grow with the length of the run: they say nothing of the fabric",
     "饱和之后时延随运行长度增长：它们不能说明网络本身"},
    {"latencies beyond saturation are those of a queue that grows for as long as it is watched",
     "饱和之后的时延只是一个不断变长的队列的时延"},
    {"not saturated: what is offered is accepted", "不再饱和：所加负载全部被接受"},
    {"minimal routes send a group's traffic over the one link to the next group: "
     "fabric.routing.algorithm=ugal_l leads round it, and needs three virtual channels",
     "最短路由把一个组的流量都压在通往下一个组的那一条链路上：fabric.routing.algorithm=ugal_l "
     "可以绕开它，但需要三条虚通道"},
    {"minimal routes send a group's traffic over the one link to the next group",
     "最短路由把一个组的流量都压在通往下一个组的那一条链路上"},
    {"a higher accepted load", "接受的负载更高"},
    {"Not saturated: the {n} of the endpoints' rate that is offered gets through.",
     "未饱和：所加负载为端点速率的 {0}，全部通过。"},
    {"Not saturated: the {n} of the endpoints' rate that is offered gets through; the busiest "
     "link, {w} to "
     "{w}, was busy {n} of the time.",
     "未饱和：所加负载为端点速率的 {0}，全部通过；最忙的链路 {1} 到 {2} 有 {3} 的时间在忙。"},
    {"Not saturated: the {n} of the endpoints' rate that is offered gets through; the busiest "
     "link, {w} to "
     "{w}, was busy {n} of the time: that one is full, and what goes there waits.",
     "未饱和：所加负载为端点速率的 {0}，全部通过；最忙的链路 {1} 到 {2} 有 {3} "
     "的时间在忙：它已占满，去往那里的要等待。"},
    {"Not saturated, as far as the window tells: of {n} of the endpoints' rate offered {n} came in "
     "within it.",
     "就此窗口看未饱和：所加负载为端点速率的 {0}，其中 {1} 在窗口内到达。"},
    {"Not saturated, as far as the window tells: of {n} of the endpoints' rate offered {n} came in "
     "within it; the busiest link, {w} to {w}, was busy {n} of the time.",
     "就此窗口看未饱和：所加负载为端点速率的 {0}，其中 {1} 在窗口内到达；最忙的链路 {2} 到 {3} 有 "
     "{4} 的时间在忙。"},
    {"Not saturated, as far as the window tells: of {n} of the endpoints' rate offered {n} came in "
     "within it; the busiest link, {w} to {w}, was busy {n} of the time: that one is full, and "
     "what goes there waits.",
     "就此窗口看未饱和：所加负载为端点速率的 {0}，其中 {1} 在窗口内到达；最忙的链路 {2} 到 {3} 有 "
     "{4} 的时间在忙：它已占满，去往那里的要等待。"},
    // Victims.
    {"{w} to {w} is the root of {n} of all waiting; {} stood still for it {n} of the time, without "
     "going "
     "there.",
     "{0} 到 {1} 是全部等待中 {2} 的根源；{3} 因它停顿了 {4} 的时间，却并不去往那里。"},
    {"{w} to {w} is the root of {n} of all waiting, with {n} over it; {} stood still for it {n} of "
     "the "
     "time, without going there.",
     "{0} 到 {1} 是全部等待中 {2} 的根源，经过它的有 {3}；{4} 因它停顿了 {5} "
     "的时间，却并不去往那里（头阻塞）。"},
    {"of {n} victims the worst, {},", "{0} 条受害流中最严重的 {1}"},
    {"victims wait in buffers that others fill: with congestion control these keep fewer packets "
     "under way",
     "受害流在被别人填满的缓存里等待：有了拥塞控制，那些流在途的包会更少"},
    {"victims stand still for less; who holds them up may take longer",
     "受害流停顿更少；拖住它们的流可能更久"},
    {"more virtual channels, a traffic class of their own, or fewer senders at once would leave "
     "victims "
     "room, too",
     "更多虚通道、给受害流单独的流量类别，或减少同时发送者，也能给受害流留出空间"},
    // At the bound, full links.
    {"{} took no more than the latency of the way that must be gone: {n} of the bound.",
     "{0} 所用的时间不超过必经路径的时延：达到下界的 {1}。"},
    {"{} took no more than the latency of the way that must be gone (mode flow): {n} of the bound.",
     "{0} 所用的时间不超过必经路径的时延（flow 模式）：达到下界的 {1}。"},
    {"{} took no more than the latency of the way that must be gone (mode flow, approximate): {n} "
     "of the "
     "bound.",
     "{0} 所用的时间不超过必经路径的时延（flow 模式，近似）：达到下界的 {1}。"},
    {"{} took no more than the latency of the way that must be gone (mode bound: as if every "
     "message were "
     "alone): {n} of the bound.",
     "{0} 所用的时间不超过必经路径的时延（bound 模式：视每条消息独占网络）：达到下界的 {1}。"},
    {"{} took as long as its bytes must at the rate of {}: {n} of the bound; only faster links or "
     "fewer "
     "bytes would make it shorter.",
     "{0} 所用的时间就是它的字节以{1}必须花的时间：达到下界的 "
     "{2}；只有更快的链路或更少的字节才能更短。"},
    {"{} took as long as their bytes must at the rate of {}: {n} of the bound; only faster links "
     "or fewer "
     "bytes would make it shorter.",
     "{0} 所用的时间就是它们的字节以{1}必须花的时间：达到下界的 "
     "{2}；只有更快的链路或更少的字节才能更短。"},
    {"an endpoint's links", "一个端点全部链路的速率"},
    {"the {w} links", "{0} 链路的速率"},
    {"{w} by {w}", "{0}（{1} 算法）"},
    {"{n}\u00a0collective", "{0} 次集合通信"},
    {"{n}\u00a0collectives", "{0} 次集合通信"},
    {"The {w} links were busy {n} of the time: {}.", "{0} 链路有 {1} 的时间在忙：{2}。"},
    {"The {w} links in use were busy {n} of the time: {}.",
     "用到的 {0} 链路有 {1} 的时间在忙：{2}。"},
    {"The link {w} to {w} was busy {n} of the time: {}.",
     "链路 {0} 到 {1} 有 {2} 的时间在忙：{3}。"},
    {"The link {w} to {w} was busy {n} of the time, with {n} over it: {}.",
     "链路 {0} 到 {1} 有 {2} 的时间在忙，经过它的有 {3}：{4}。"},
    {"{n} of {n} {w} links, as {w} to {w}, were busy {n} of the time: {}.",
     "{1} 条 {2} 链路中有 {0} 条（如 {3} 到 {4}）有 {5} 的时间在忙：{6}。"},
    {"The {w} links were busy {n} of the time (mode {}): {}.",
     "{0} 链路有 {1} 的时间在忙（模式：{2}）：{3}。"},
    {"The {w} links in use were busy {n} of the time (mode {}): {}.",
     "用到的 {0} 链路有 {1} 的时间在忙（模式：{2}）：{3}。"},
    {"The link {w} to {w} was busy {n} of the time (mode {}): {}.",
     "链路 {0} 到 {1} 有 {2} 的时间在忙（模式：{3}）：{4}。"},
    {"The link {w} to {w} was busy {n} of the time, with {n} over it (mode {}): {}.",
     "链路 {0} 到 {1} 有 {2} 的时间在忙，经过它的有 {3}（模式：{4}）：{5}。"},
    {"{n} of {n} {w} links, as {w} to {w}, were busy {n} of the time (mode {}): {}.",
     "{1} 条 {2} 链路中有 {0} 条（如 {3} 到 {4}）有 {5} 的时间在忙（模式：{6}）：{7}。"},
    {"flow, approximate", "flow，近似"},
    {"bound: as if every message were alone", "bound，视每条消息独占网络"},
    {"full, while all links of that endpoint together were busy {n}",
     "它们已占满，而那个端点的全部链路合计只忙了 {0}"},
    {"the endpoints' rate is what bounds it", "受端点速率限制"},
    {"the rate of that one endpoint is what bounds it", "受那一个端点的速率限制"},
    {"that level of the fabric is full", "网络的这一级已占满"},
    {"the {w} links in use share the load unevenly, in the mean they were busy {n}",
     "用到的 {0} 链路负载不均，平均只忙了 {1}"},
    {"it carries what {w}, which was down most of the time, does not",
     "它承担了大部分时间断开的 {0} 的流量"},
    {"it carries what {w}, which was up with fewer lanes most of the time, does not",
     "它承担了大部分时间掉 lane 的 {0} 的流量"},
    {"they carry what {w}, which was down most of the time, does not",
     "它们承担了大部分时间断开的 {0} 的流量"},
    {"they carry what {w}, which was up with fewer lanes most of the time, does not",
     "它们承担了大部分时间掉 lane 的 {0} 的流量"},
    {"it was up with fewer lanes most of the time", "它大部分时间掉了 lane"},
    {"they were up with fewer lanes most of the time", "它们大部分时间掉了 lane"},
    {"{w} links are what is full", "占满的是 {0} 链路"},
    {"{}: at best half, where no other links are full then", "{0}：若其他链路不因此占满，最多减半"},
    {"{}: at best {n} less, as {w} links are full then",
     "{0}：最多减少 {1}，那时占满的是 {2} 链路"},
    {"shorter collectives, by the sum of their duration_ns", "集合通信更短（duration_ns 之和）"},
    {"a shorter completion_time_ns", "completion_time_ns 更短"},
    // Stalled sources.
    {"{w}, whose link is busy {n} of the time, waited {n} for credit: buffers behind such links "
     "are "
     "shorter than their credit loop.",
     "{0} 的链路有 {1} 的时间在忙，却有 {2} "
     "的时间在等信用：这类链路后面的缓存短于它们的信用回路。"},
    {"{w}, a source that had something to send nearly always, waited for credit {n} of the time; "
     "the link "
     "that most waited for is {w} to {w}, the root of {n} of all waiting.",
     "{0} 这个源几乎总有数据要发，却有 {1} 的时间在等信用；等得最多的链路是 {2} 到 "
     "{3}，它是全部等待中 {4} "
     "的根源。"},
    {"{w}, a source that had something to send nearly always, waited for credit {n} of the time; "
     "the link "
     "that most waited for is {w} to {w}, with {n} held up at it, the root of {n} of all waiting.",
     "{0} 这个源几乎总有数据要发，却有 {1} 的时间在等信用；等得最多的链路是 {2} 到 "
     "{3}，在那里被拖住的有 "
     "{4}，它是全部等待中 {5} 的根源。"},
    // The chain.
    {"one message", "一条消息"},
    {"{n} messages one after another", "先后相继的 {0} 条消息"},
    {"Latency: {}: links and switches take {n} of the time, bytes {n}.",
     "时延：{0}：链路与交换机占 {1} 的时间，字节占 {2}。"},
    {"Latency: {}: links and switches take {n} of the time (mode {}), bytes {n}.",
     "时延：{0}：链路与交换机占 {1} 的时间（模式：{2}），字节占 {3}。"},
    {"Latency: {}: links and switches take {n} of the time, bytes {n}, waiting behind other "
     "messages {n}.",
     "时延：{0}：链路与交换机占 {1} 的时间，字节占 {2}，排在其他消息之后占 {3}。"},
    {"Software: overheads of {} take {n} of the time, bytes {n}, waiting behind other messages "
     "{n}.",
     "软件：{0}的开销占 {1} 的时间，字节占 {2}，排在其他消息之后占 {3}。"},
    {"Around {}, {n} of the time goes by without any of them under way: computing, reducing, or "
     "start times; bytes take {n}, waiting behind other messages {n}.",
     "在{0}前后，有 {1} 的时间没有一条在途：在计算、归约或等待开始；字节占 {2}，排在其他消息之后占 "
     "{3}。"},
    {"Latency: {}: links and switches take {n} of the time (mode {}), bytes {n}, waiting behind "
     "other messages {n}.",
     "时延：{0}：链路与交换机占 {1} 的时间（模式：{2}），字节占 {3}，排在其他消息之后占 {4}。"},
    {"Software: overheads of {} take {n} of the time (mode {}), bytes {n}, waiting behind other "
     "messages {n}.",
     "软件：{0}的开销占 {1} 的时间（模式：{2}），字节占 {3}，排在其他消息之后占 {4}。"},
    {"Around {}, {n} of the time (mode {}) goes by without any of them under way: computing, "
     "reducing, or start times; bytes take {n}, waiting behind other messages {n}.",
     "在{0}前后，有 {1} 的时间（模式：{2}）没有一条在途：在计算、归约或等待开始；字节占 "
     "{3}，排在其他消息之后占 {4}。"},
    {"Software: overheads of {} take {n} of the time, bytes {n}.",
     "软件：{0}的开销占 {1} 的时间，字节占 {2}。"},
    {"Software: overheads of {} take {n} of the time (mode {}), bytes {n}.",
     "软件：{0}的开销占 {1} 的时间（模式：{2}），字节占 {3}。"},
    {"Around {}, {n} of the time goes by without any of them under way: computing, reducing, or "
     "start "
     "times; bytes take {n}.",
     "在{0}前后，有 {1} 的时间没有一条在途：在计算、归约或等待开始；字节占 {2}。"},
    {"Around {}, {n} of the time (mode {}) goes by without any of them under way: computing, "
     "reducing, or "
     "start times; bytes take {n}.",
     "在{0}前后，有 {1} 的时间（模式：{2}）没有一条在途：在计算、归约或等待开始；字节占 {3}。"},
    {"The links that are used: {w} to {w} was busy {n} of the time, while all links of the "
     "endpoints could "
     "do it in {n}.",
     "受用到的链路限制：{0} 到 {1} 有 {2} 的时间在忙，而端点的全部链路只需 {3} 的时间就能完成。"},
    {"The links that are used: {w} to {w} was busy {n} of the time (mode {}), while all links of "
     "the "
     "endpoints could do it in {n}.",
     "受用到的链路限制：{0} 到 {1} 有 {2} 的时间在忙（模式：{3}），而端点的全部链路只需 {4} "
     "的时间就能完成。"},
    {"The algorithm: bits of {} are on the wire for {n} of the time, while the least that any "
     "needs is "
     "{n}; no link was busy for more than {n}.",
     "受算法限制：{0}的比特有 {1} 的时间在线上，而任何算法最少需要 {2}；没有链路忙得超过 {3}。"},
    {"The algorithm: bits of {} are on the wire for {n} of the time (mode {}), while the least "
     "that any "
     "needs is {n}; no link was busy for more than {n}.",
     "受算法限制：{0}的比特有 {1} 的时间（模式：{2}）在线上，而任何算法最少需要 "
     "{3}；没有链路忙得超过 {4}。"},
    {"{w}_overhead is {w}", "{0}_overhead 为 {1}"},
    {"a shorter completion_time_ns: what the best software would leave",
     "completion_time_ns 更短：最好的软件所能达到的"},
    {"latency is paid once for a message, however large", "一条消息无论多大，时延只付一次"},
    {"a higher busbw_GBps: {n} times the bytes in less than {n} times the time",
     "busbw_GBps 更高：{0} 倍的字节，不到 {1} 倍的时间"},
    // Phases, unsure.
    {"No links were full, yet their times add up to {n} of the run: {e}, as if they took turns.",
     "没有链路占满，但它们的时间合计为运行的 {0}：{1}，好像在轮流工作。"},
    {"No links were full, yet their times add up to {n} of the run (mode {}): {e}, as if they took "
     "turns.",
     "没有链路占满，但它们的时间合计为运行的 {0}（模式：{1}）：{2}，好像在轮流工作。"},
    {"What held it up can't be said for sure.", "无法确定是什么拖住了它。"},
    {"What held it up can't be said for sure (mode {}).", "无法确定是什么拖住了它（模式：{0}）。"},
    {"What held it up can't be said for sure; {n} of the bound.",
     "无法确定是什么拖住了它；达到下界的 {0}。"},
    {"What held it up can't be said for sure (mode {}); {n} of the bound.",
     "无法确定是什么拖住了它（模式：{0}）；达到下界的 {1}。"},
    {"What held it up can't be said for sure; the busiest link, {w} to {w}, was busy {n} of the "
     "time.",
     "无法确定是什么拖住了它；最忙的链路 {0} 到 {1} 有 {2} 的时间在忙。"},
    {"What held it up can't be said for sure (mode {}); the busiest link, {w} to {w}, was busy {n} "
     "of the "
     "time.",
     "无法确定是什么拖住了它（模式：{0}）；最忙的链路 {1} 到 {2} 有 {3} 的时间在忙。"},
    {"What held it up can't be said for sure; {n} of the bound; the busiest link, {w} to {w}, was "
     "busy {n} "
     "of the time.",
     "无法确定是什么拖住了它；达到下界的 {0}；最忙的链路 {1} 到 {2} 有 {3} 的时间在忙。"},
    {"What held it up can't be said for sure (mode {}); {n} of the bound; the busiest link, {w} to "
     "{w}, "
     "was busy {n} of the time.",
     "无法确定是什么拖住了它（模式：{0}）；达到下界的 {1}；最忙的链路 {2} 到 {3} 有 {4} "
     "的时间在忙。"},
    // What is added.
    {"another algorithm was tried", "试过另一种算法"},
    {"a shorter completion_time_ns: in mode {w} {n} instead of {n}, approximate",
     "completion_time_ns 更短：{0} 模式下由 {2} 变为 {1}，近似"},
    {"{n}\u00a0other algorithm was tried in mode {w}, approximate: none is better by a tenth",
     "在 {1} 模式下试过另外 {0} 种算法（近似）：没有一种好出一成"},
    {"{n}\u00a0other algorithms were tried in mode {w}, approximate: none is better by a tenth",
     "在 {1} 模式下试过另外 {0} 种算法（近似）：没有一种好出一成"},
    {"switches have units for {w}, which {w} by {w} does not use: algorithm in_network would",
     "交换机有 {0} 单元，而 {1}（{2} 算法）没有使用：in_network 算法会使用"},
    {"the taper of {n} does not hold it up: in mode {w}, approximate, it takes {n} with it and {n} "
     "without; {}",
     "收敛比 {0} 没有拖住它：在 {1} 模式下（近似），有收敛时为 {2}，没有时为 {3}；{4}"},
    {"the taper of {n} costs it less than a tenth: in mode {w}, approximate, it takes {n} with it "
     "and {n} without; {}",
     "收敛比 {0} 让它多用不到一成：在 {1} 模式下（近似），有收敛时为 {2}，没有时为 {3}；{4}"},
    {"the taper of {n} holds up {w}, though not the run: in mode {w}, approximate, that takes {n} "
     "with it and {n} without; {}",
     "收敛比 {0} 拖住了 {1}，但没有拖住整个运行：在 {2} 模式下（近似），前者有收敛时为 "
     "{3}，没有时为 {4}；{5}"},
    {"{n}\u00a0other algorithm was not tried, as with {} that takes more than 3\u00a0% of the run: "
     "--set simulation.mode=flow beside {w} tells in little time",
     "另有 {0} 种算法没有试过，因为有{1}，那要花去运行时间的 3\u00a0% 以上：--set "
     "simulation.mode=flow 再设 {2}，很快就能知道"},
    {"{n}\u00a0other algorithms were not tried, as with {} that takes more than 3\u00a0% of the "
     "run: "
     "--set simulation.mode=flow beside {w} tells in little time",
     "另有 {0} 种算法没有试过，因为有{1}，那要花去运行时间的 3\u00a0% 以上：--set "
     "simulation.mode=flow 再设 {2}，很快就能知道"},
    {"{n}\u00a0member", "{0} 个成员"},
    {"{n}\u00a0members", "{0} 个成员"},
    {"minimal routes take the links between two groups alone, others lead round them: {}",
     "最短路由只走两个组之间的直连链路，其他路由可以绕开它们：{0}"},
    {"two cards' own links alone are used, others could forward for them: {}",
     "只用到两张卡之间的直连链路，其他卡可以替它们转发：{0}"},
    {"{w} to {w} was busy {n} of the time, the {w} links {n} in the mean",
     "{0} 到 {1} 有 {2} 的时间在忙，而 {3} 链路平均只忙 {4}"},
    {"with one FIFO for each input, what waits at its head holds up what goes elsewhere: "
     "head-of-line blocking",
     "每个输入只有一个 FIFO，排在队头等待的会拖住去往别处的：头阻塞"},
    {"its {w} are sent before the first credit for them is back",
     "第一个信用还没有回来，它的 {0} 就已发完"},
    {"what is under way to one destination is to last until the first acknowledgement",
     "发往一个目的地的在途数据应当够用到第一个确认回来"},
    {"The window: of {w} to {w} no more than {} are under way at once, acknowledged after {n}, "
     "which lets {n} GB/s through where the way carries {n}.",
     "窗口：{0} 到 {1} 同时在途的不超过 {2}，{3} 之后才得到确认，只能通过 {4} "
     "GB/s，而这条路径能承载 "
     "{5}。"},
    {"no link is full, the busiest, {w} to {w}, was busy {n} of the time",
     "没有链路占满，最忙的 {0} 到 {1} 有 {2} 的时间在忙"},
    {"no link is full, the busiest, {w} to {w}, was busy {n} of the time; buffers are shorter than "
     "the credit loop of the links before them",
     "没有链路占满，最忙的 {0} 到 {1} 有 {2} 的时间在忙；缓存短于它们前面链路的信用回路"},
    {"no link is full, the busiest, {w} to {w}, was busy {n} of the time; packets wait in a FIFO "
     "behind others that go elsewhere",
     "没有链路占满，最忙的 {0} 到 {1} 有 {2} 的时间在忙；包在 FIFO "
     "里排在去往别处的包后面（头阻塞）"},
    {"no link is full, the busiest, {w} to {w}, was busy {n} of the time, and sources that have "
     "more to send wait for no credit: no more than the window, {w}, is under way to one "
     "destination",
     "没有链路占满，最忙的 {0} 到 {1} 有 {2} "
     "的时间在忙，而还有数据要发的源并没有在等信用：发往一个目的地的在途数据不超过窗口 "
     "{3}"},
    {"the {w} links in use, {n} of {n}, are full, all about alike",
     "用到的 {0} 链路（{2} 条中的 {1} 条）全部占满，且大致均匀"},
    {"these are full, {n} of {n} of that level, while the others carry nothing",
     "占满的是这一级 {1} 条中的这 {0} 条，其余的没有承载任何流量"},
    {"stragglers are asked for, but seed {n} draws none of {n} cards slow: other seeds may",
     "设置了掉队者，但种子 {0} 在 {1} 张卡中没有抽到一张慢卡：别的种子可能抽到"},
    {"seed {n} draws {n} of {n} cards slow, the slowest takes {n} times as long: other seeds draw "
     "others",
     "种子 {0} 在 {2} 张卡中抽到 {1} 张慢卡，最慢的用时为 {3} 倍：别的种子会抽到别的卡"},
    {"the {n} workloads cost one another no more than {n}: so much longer than alone the worst, "
     "{w}, takes beside the others in mode {w}, approximate",
     "{0} 个负载彼此的代价不超过 {1}：受影响最大的 {2} 与其他负载同时运行比单独运行多用这么久（{3} "
     "模式，近似）"},
    {"{w} takes {n} beside the other workloads and {n} alone, {n} longer, in mode {w}, "
     "approximate: {}",
     "{0} 与其他负载同时运行用 {1}，单独运行用 {2}，多用 {3}（{4} 模式，近似）：{5}"},
    {"it shares no link with them", "它与它们不共用任何链路"},
    {"it shares {} with them, most of them {w}", "它与它们共用{0}，其中大部分是 {1}"},
    {"{n}\u00a0link", "{0} 条链路"},
    {"{n}\u00a0links", "{0} 条链路"},
    {"what the workloads cost one another was not tried, as that takes long or is not possible in "
     "mode flow: a run of each without the others tells",
     "没有试过各负载彼此的代价，因为那很费时，或在 flow 模式下做不到：各自单独运行一次便知"},
    {"it shares one {w} link with them", "它与它们共用一条 {0} 链路"},
    {"slowed by the others by a twentieth or more: {n} of {n} workloads",
     "因其他负载慢了二十分之一或更多的：{1} 个负载中的 {0} 个"},
    {"what is said of loads and saturation is of all workloads of traffic together",
     "关于负载与饱和的说法是就全部流量负载合计而言"},
    {"what is said above is of the traffic; of their bound the collectives beside it reached: {e}",
     "以上是就流量而言；与它同时运行的集合通信达到各自下界的：{0}"},
    {"what is said above is of all workloads together; of its bound each reached: {e}",
     "以上是就全部负载合计而言；各负载达到自己下界的：{0}"},
    {"flows whose hashes agree share a link while others idle",
     "哈希相同的流挤在一条链路上，其他链路却空闲"},
    {"the taper of {n} holds it up: {}", "收敛比 {0} 拖住了它：{1}"},
    {"whether the taper of {n} holds it up can't be said for sure: {}",
     "收敛比 {0} 是否拖住了它，不能确定：{1}"},
    {"the taper of {n} does not hold it up: {}", "收敛比 {0} 没有拖住它：{1}"},
    {"{n} of the bytes cross {w}, whose links were busy {n} in the mean and {n} at most",
     "{0} 的字节要经过 {1}，其链路平均忙 {2}，最多忙 {3}"},
    {"{n} of the bytes cross {w}, whose links were busy {n} in the mean and {n} at most (mode {})",
     "{0} 的字节要经过 {1}，其链路平均忙 {2}，最多忙 {3}（模式：{4}）"},
    {"the fault of {w} had no effect: the link was up all the time",
     "{0} 的故障没有影响：链路一直在工作"},
    {"the fault of {w} met no traffic: the link carried nothing before or after either",
     "{0} 的故障没有遇到流量：这条链路前后都没有承载数据"},
    {"{w}: {} were down or had fewer lanes for {n} of the time",
     "{0}：{1} 有 {2} 的时间断开或掉 lane"},
    {"{w}: {} were down or had fewer lanes for {n} of the time; the root is one of those that "
     "carry what these can't: --set 'faults=[]' tells what that costs",
     "{0}：{1} 有 {2} 的时间断开或掉 lane；根源是承担其流量的链路之一：--set 'faults=[]' "
     "可看出代价"},
    {"{w}: {} were down or had fewer lanes for {n} of the time, and lost {n}",
     "{0}：{1} 有 {2} 的时间断开或掉 lane，并丢失了 {3}"},
    {"{w}: {} were down or had fewer lanes for {n} of the time, and lost {n}; the root is one of "
     "those that carry what these can't: --set 'faults=[]' tells what that costs",
     "{0}：{1} 有 {2} 的时间断开或掉 lane，并丢失了 {3}；根源是承担其流量的链路之一：--set "
     "'faults=[]' 可看出代价"},
    {"the fault of {w} had no effect: its links were up all the time",
     "{0}的故障没有影响：其链路一直在工作"},
    {"the fault of {w} met no traffic: its links carried nothing before or after either",
     "{0}的故障没有遇到流量：其链路前后都没有承载数据"},
    {"faults of {w} links: {} were down or had fewer lanes for {n} of the time",
     "{0} 链路的故障：{1} 有 {2} 的时间断开或掉 lane"},
    {"faults of {w} links: {} were down or had fewer lanes for {n} of the time; the root is one of "
     "those that carry what these can't: --set 'faults=[]' tells what that costs",
     "{0} 链路的故障：{1} 有 {2} 的时间断开或掉 lane；根源是承担其流量的链路之一：--set "
     "'faults=[]' 可看出代价"},
    {"faults of {w} links: {} were down or had fewer lanes for {n} of the time, and lost {n}",
     "{0} 链路的故障：{1} 有 {2} 的时间断开或掉 lane，并丢失了 {3}"},
    {"faults of {w} links: {} were down or had fewer lanes for {n} of the time, and lost {n}; the "
     "root is one of those that carry what these can't: --set 'faults=[]' tells what that costs",
     "{0} 链路的故障：{1} 有 {2} 的时间断开或掉 lane，并丢失了 "
     "{3}；根源是承担其流量的链路之一：--set 'faults=[]' 可看出代价"},
    {"the fault of faults of {w} links had no effect: its links were up all the time",
     "{0} 链路的故障没有影响：其链路一直在工作"},
    {"the fault of faults of {w} links met no traffic: its links carried nothing before or after "
     "either",
     "{0} 链路的故障没有遇到流量：其链路前后都没有承载数据"},
    {"{n} of {n} {w} links", "{1} 条 {2} 链路中的 {0} 条"},
    {"{n} of {n} {w} links, {}", "{1} 条 {2} 链路中的 {0} 条，{3}"},
    {"{w} was down for {n} of the time", "{0} 有 {1} 的时间断开"},
    {"{w} was up with fewer lanes for {n}", "{0} 有 {1} 的时间掉 lane"},
    {"{w} was down for {n} of the time, up with fewer lanes for {n}",
     "{0} 有 {1} 的时间断开，{2} 的时间掉 lane"},
    {"{}, and lost {n}", "{0}，并丢失了 {1}"},
    {"{w} lost {n} to its fault", "{0} 因故障丢失了 {1}"},
    {"{n}\u00a0packet", "{0} 个包"},
    {"{n}\u00a0packets", "{0} 个包"},
    {"{}, at a node of the root: what waits there may wait for the fault",
     "{0}，且在根源的节点上：在那里等待的可能是在等故障"},
    {"a hash chooses among equal links, and this is seed {n} alone: {}",
     "等价链路由哈希选择，而这只是种子 {0} 一次：{1}"},
    {"in mode {w}, approximate, {n} seeds took {n} to {n}",
     "在 {0} 模式下（近似），{1} 个种子用时 {2} 到 {3}"},
    {"other seeds may take longer or shorter, as a sweep with seeds tells",
     "换一个种子可能更长或更短，用多个种子扫描便知"},
    {"In mode bound no link is shared, so what holds it up can't be said: run it in mode flow or "
     "packet.",
     "bound 模式下链路从不共享，因此无法说出瓶颈：请用 flow 或 packet 模式运行。"},
    {"Whether it is saturated can't be said: the window is too short, of {n} of the endpoints' "
     "rate "
     "offered {n} came in within it; warm up and measure for longer.",
     "无法说是否饱和：测量窗口太短，所加负载为端点速率的 {0}，窗口内收到 "
     "{1}；请延长预热和测量时间。"},
    {"the queue of a full link may grow for as long as it is watched, and with it the latencies of "
     "what goes there",
     "占满的链路的队列可能随观测时间一直增长，去往那里的时延也随之增长"},
    {"{w} links are as full: {w} links alone, if faster, would gain little",
     "{0} 链路同样占满：仅加快 {1} 链路收益很小"},
    {"what the fault took is missing here", "故障拿走的正是这里所缺的"},
    {"switches have units for {w}, which {w} by {w} does not use: algorithm in_network would, if "
     "they had them for multicast too",
     "交换机有 {0} 单元，而 {2} 的 {1} 没有使用：若还有 multicast 单元，in_network 算法会使用"},
    {"without launches and overheads of collectives the iteration would still take {n}: other "
     "cards "
     "set its pace then",
     "即使没有启动与集合通信开销，迭代仍需 {0}：那时由其他卡决定"},
    {"errors on links had {} sent again, which takes time of the links and holds up what is behind",
     "链路误码使 {0} 重发，这占用链路并拖住其后的包"},
    {"links with a tenth of the errors send less again", "误码降为十分之一的链路重发更少"},
    // A job over days.
    {"over {n} a job loses nothing to failures and checkpoints",
     "在 {0} 内，作业没有因故障和检查点损失任何工作"},
    {"over {n} a job loses {n} of an undisturbed one's work to failures and checkpoints, the "
     "largest part, about {n}, to {}",
     "在 {0} 内，作业因故障和检查点损失无干扰时工作量的 {1}，其中最多的（约 {2}）用于：{3}"},
    {"checkpoints, for which training stands still", "训练为检查点而停顿"},
    {"going back to the last checkpoint", "退回到上一个检查点"},
    {"coming back after a failure: it is detected, all restart and read back",
     "故障后恢复：检测、重启与读回"},
    {"waiting for nodes to run on", "等待可用的节点"},
    {"links that slow iterations", "拖慢迭代的链路"},
    {"another interval loses less to checkpoints and going back together",
     "换一个间隔，检查点与退回的损失之和更小"},
    {"training stands still for half as long, so checkpoints may come more often",
     "训练停顿减半，检查点便可更频繁"},
    {"restarting takes most of it", "其中重启占得最多"},
    {"detecting takes most of it", "其中检测占得最多"},
    {"nodes that wait are used at once", "备用节点立即可用"},
    {"a higher stability.goodput", "stability.goodput 更高"},
    // mtlink compare.
    {"which is better can't be said: a run did not come to its end",
     "无法说哪个更好：有一次运行没有到达终点"},
    {"which is better can't be said: they did different things", "无法说哪个更好：它们做的事不同"},
    {"neither is better: {w} is the same", "不分高下：{0} 相同"},
    {"{w} is better: {w} {n} instead of {n}, {n} %",
     "{0} 更好：{1} 为 {2}，另一个为 {3}，相差 {4} %"},
    {"{w} is better: {w} is in the mean {n} instead of {n}, {n} %",
     "{0} 更好：{1} 平均为 {2}，另一个为 {3}，相差 {4} %"},
    {"{}; but their modes differ, {w} and {w}: part of it may be that",
     "{0}；但两者模式不同（{1} 与 {2}），差别可能部分来自于此"},
    {"{n} and {n} seeds: their 95 % intervals lie apart, so it is no luck",
     "{0} 与 {1} 个种子：两者的 95 % 置信区间不重叠，不是偶然"},
    {"{n} and {n} seeds: their 95 % intervals overlap, so it may be luck: run more seeds",
     "{0} 与 {1} 个种子：两者的 95 % 置信区间重叠，可能是偶然：请运行更多种子"},
    {"one seed of each, and chance has a part in it (routes by hash or chance, arrivals, errors or "
     "slow cards): a sweep with seeds tells how much is luck",
     "各只有一个种子，而其中有随机成分（哈希或随机选路、到达过程、误码或慢卡）：用多个种子扫描便知"
     "偶"
     "然占多少"},
    {"one seed of each, and nothing seen that chance would have a part in",
     "各只有一个种子，但看不出有随机成分"},
    {"no verdict, as by an earlier version", "没有结论：由较早的版本写出"},
    // How a verdict is laid out.
    {"try --set {e}", "可试 --set {0}"},
    {"{}; expected: {}", "{0}；预期：{1}"},
    {"victims: {}", "受害流：{0}"},
    {"note: {}", "注意：{0}"},
    {"seeds: {}", "种子：{0}"},
};

} // namespace

std::span<const Phrase>
GetVerdictPhrases()
{
    return PHRASES;
}

} // namespace mtlink
} // namespace ns3
