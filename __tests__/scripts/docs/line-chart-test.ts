import { expect } from "chai";
import { lineChart } from "../../../scripts/docs/line-chart.ts";

const chart = lineChart({
  title: "CPU per recipient",
  x: { title: "audience", labels: ["100", "1,000"] },
  y: "microseconds",
  lines: [
    { name: "chat", values: [86.9512, 49.6] },
    { name: "floor", values: [12.757, 0] },
    { name: "textbook", values: [336, Number.NaN] },
    { name: "others", values: [1] },
  ],
});

describe("scripts/docs/line-chart", () => {
  it("is a Mermaid chart with axes from 0 to the highest value, and values of three digits", () => {
    expect(chart).to.match(/^```mermaid\n---\nconfig:\n.*---\nxychart-beta\n/s);
    expect(chart).to.contain(
      [
        '    title "CPU per recipient"',
        '    x-axis "audience" ["100", "1,000"]',
        '    y-axis "microseconds" 0 --> 87',
        "    line [87, 49.6]",
        "    line [12.8, 0]",
        "```",
      ].join("\n"),
    );
  });

  it("names the color of each line, in the order of the palette", () => {
    expect(chart).to.contain('plotColorPalette: "#4477aa, #ee6677"');
    expect(chart).to.contain("Lines: chat (blue); floor (red).");
  });

  it("names the lines that it does not draw because a value is missing", () => {
    expect(chart).to.contain("Not drawn, because a value is missing: textbook.");
    expect(chart).to.contain("Not drawn, because a value is missing: others.");
  });
});
