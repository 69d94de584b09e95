import { expect } from "chai";
import { frameLengths } from "../../src/gateway/frame-length.ts";

/** A frame with so long a payload, as a client sends it: masked. The payload is full of what could pass for headers. */
function aFrame(length: number, isMasked = true): Buffer {
  const mask = isMasked ? [1, 2, 3, 4] : [];
  const bit = isMasked ? 0x80 : 0;
  const extended = Buffer.alloc(8);
  extended.writeBigUInt64BE(BigInt(length));
  if (length < 126) return Buffer.from([0x81, bit | length, ...mask, ...Array(length).fill(0xff)]);
  const [code, extension] = length < 65_536 ? [126, extended.subarray(6)] : [127, extended];
  return Buffer.concat([Buffer.from([0x81, bit | code]), extension, Buffer.from(mask), Buffer.alloc(length, 0xff)]);
}

/** The longest frame that a stream's chunks come to, each with its own. */
const lengths = (...chunks: readonly Buffer[]): number[] => {
  const longestOf = frameLengths();
  return chunks.map(longestOf);
};

describe("gateway/frame-length", () => {
  for (const length of [0, 1, 125, 126, 32_768, 32_769, 65_535, 65_536, 131_072]) {
    it(`reads ${length} off a frame, masked or not`, () => {
      expect(lengths(aFrame(length))).to.deep.equal([length]);
      expect(lengths(aFrame(length, false))).to.deep.equal([length]);
    });
  }

  it("gives the longest of several frames in a chunk", () => {
    expect(lengths(Buffer.concat([aFrame(3), aFrame(0), aFrame(500), aFrame(7)]))).to.deep.equal([500]);
  });

  it("tells a length once, with the chunk that ends its header", () => {
    const frame = aFrame(300);
    expect(lengths(frame.subarray(0, 7), frame.subarray(7, 8), frame.subarray(8))).to.deep.equal([0, 300, 0]);
  });

  for (const length of [5, 300, 70_000]) {
    it(`reads ${length} however the stream is cut`, () => {
      const stream = Buffer.concat([aFrame(1), aFrame(length), aFrame(2)]);
      for (let cut = 0; cut <= Math.min(stream.length, 40); cut += 1) {
        const read = lengths(stream.subarray(0, cut), stream.subarray(cut));
        expect(Math.max(...read), `cut at ${cut}`).to.equal(length);
      }
      const bytes = Array.from(stream, (byte) => Buffer.from([byte]));
      expect(lengths(...bytes).filter(Boolean)).to.deep.equal([1, length, 2]);
    });
  }

  it("finds nothing in an empty chunk", () => {
    expect(lengths(Buffer.alloc(0), aFrame(9))).to.deep.equal([0, 9]);
  });
});
