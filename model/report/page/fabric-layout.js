// SPDX-License-Identifier: GPL-2.0-only
// Where the fabric's groups and nodes are drawn. A group is a box, folded or with its nodes in it,
// by level: endpoints below, switches above. Groups of different levels lie in rows, groups of one
// level in a circle where they fit.

/** @return {object} size of a group's box and places of its nodes in it, {width, height, at}. */
function layGroup(nodes, unit, isMeshed) {
  const cell = {width: unit * 4.4, height: unit * 1.9};
  const levels = [...new Set(nodes.map((node) => node.level))].sort((a, b) => b - a);
  const head = unit * 1.9;
  const bands = levels.map((level) => {
    const members = nodes.filter((node) => node.level === level);
    if (members.length > 2 && members.length <= 24 && isMeshed(level)) {
      const radius = Math.max(members.length * cell.width * 0.7 / (2 * Math.PI), unit * 4);
      return {members, width: 2 * radius + cell.width, height: 2 * radius + cell.height,
        place: (i) => [radius + cell.width / 2 + radius * Math.sin(2 * Math.PI * i / members.length),
          radius + cell.height / 2 - radius * Math.cos(2 * Math.PI * i / members.length)]};
    }
    const columns = Math.min(members.length, Math.max(4, Math.ceil(Math.sqrt(members.length * 1.3))));
    return {members, width: columns * cell.width,
      height: Math.ceil(members.length / columns) * cell.height,
      place: (i) => [(i % columns + 0.5) * cell.width, (Math.floor(i / columns) + 0.5) * cell.height]};
  });
  const width = Math.max(unit * 6, ...bands.map((band) => band.width)) + unit;
  const at = new Map();
  let top = head;
  for (const band of bands) {
    const left = (width - band.width) / 2;
    band.members.forEach((node, i) => {
      const [x, y] = band.place(i);
      at.set(node.id, [left + x, top + y]);
    });
    top += band.height + unit * 1.6;
  }
  return {width, height: top - unit * 0.8, at, cell};
}

/** Put boxes of one rank below one another in lines that fit. @return {number} where they end. */
function layLines(boxes, width, top, gap) {
  let line = [];
  const end = () => {
    const used = line.reduce((sum, box) => sum + box.width + gap, -gap);
    let left = (width - used) / 2;
    for (const box of line) {
      box.x = left + box.width / 2;
      box.y = top + box.height / 2;
      left += box.width + gap;
    }
    top += Math.max(0, ...line.map((box) => box.height)) + gap;
    line = [];
  };
  for (const box of boxes) {
    const used = line.reduce((sum, other) => sum + other.width + gap, 0);
    if (line.length && used + box.width > width) end();
    line.push(box);
  }
  end();
  return top;
}

/**
 * @param {object[]} boxes {rank, width, height}; get x and y of their middle
 * @param {number} width to fit in
 * @param {number} unit letters
 * @return {object} width and height of the whole
 */
function layBoxes(boxes, width, unit) {
  const gap = unit * 1.2;
  const ranks = [...new Set(boxes.map((box) => box.rank))].sort((a, b) => b - a);
  const widest = Math.max(...boxes.map((box) => box.width));
  width = Math.max(width, widest + 2);
  if (ranks.length === 1 && boxes.length > 2) {
    const tallest = Math.max(...boxes.map((box) => box.height));
    for (let radius = unit * 7; 2 * radius + widest <= width && radius < unit * 60; radius *= 1.04) {
      boxes.forEach((box, i) => {
        const angle = 2 * Math.PI * i / boxes.length;
        box.x = width / 2 + radius * Math.sin(angle);
        box.y = radius + tallest / 2 - radius * Math.cos(angle);
      });
      const isFree = boxes.every((box, i) => {
        const next = boxes[(i + 1) % boxes.length];
        return Math.abs(box.x - next.x) >= (box.width + next.width) / 2 + gap / 4 ||
          Math.abs(box.y - next.y) >= (box.height + next.height) / 2 + gap / 4;
      });
      if (isFree) return {width, height: 2 * radius + tallest};
    }
  }
  let top = 0;
  for (const rank of ranks) {
    top = layLines(boxes.filter((box) => box.rank === rank), width, top, gap) + gap * 3;
  }
  return {width, height: top - gap * 4};
}
