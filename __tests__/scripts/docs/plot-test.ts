import { expect } from "chai";
import { type Plot, svgOf } from "../../../scripts/docs/plot.ts";

const plot: Plot = {
  title: "Cats & dogs",
  x: { label: "members", isLogarithmic: true, ticks: [1, 10, 100] },
  y: { label: "seconds", ticks: [0, 5, 10] },
  series: [
    {
      name: "measured",
      points: [
        [1, 0],
        [10, 5],
        [100, 10],
      ],
    },
    {
      name: "at best",
      points: [
        [1, 1],
        [100, 1],
      ],
      isDashed: true,
    },
  ],
};

const places = (svg: string): number[][][] =>
  [...svg.matchAll(/points="([^"]*)"/g)].map(([, points = ""]) =>
    points.split(" ").map((at) => at.split(",").map(Number)),
  );

describe("scripts/docs/plot", () => {
  it("puts points at their places, on straight and on logarithmic axes", () => {
    const [measured = []] = places(svgOf(plot));
    const [first = [], middle = [], last = []] = measured;
    expect(middle[0]).to.be.closeTo(((first[0] ?? 0) + (last[0] ?? 0)) / 2, 0.1);
    expect(middle[1]).to.be.closeTo(((first[1] ?? 0) + (last[1] ?? 0)) / 2, 0.1);
    expect(last[1]).to.be.below(first[1] ?? 0);
  });

  it("names its lines and axes, and tells a bound from a measurement", () => {
    const svg = svgOf(plot);
    for (const text of ["Cats &amp; dogs", "members", "seconds", "measured", "at best", ">100<"])
      expect(svg).to.contain(text);
    expect(svg.match(/class="line bound"/g)).to.have.length(2);
  });

  it("is light or dark as its reader has it, and the same bytes each time", () => {
    expect(svgOf(plot)).to.contain("prefers-color-scheme: dark").and.to.equal(svgOf(plot));
  });
});
