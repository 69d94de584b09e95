import { expect } from "chai";
import { frameMeter } from "../../src/gateway/frame-length.ts";

/** A frame with a payload of this length. The bytes of the payload look like frame headers. */
function aFrame(length: number, isMasked = true): Buffer {
  const mask = isMasked ? [1, 2, 3, 4] : [];
  const bit = isMasked ? 0x80 : 0;
  const extended = Buffer.alloc(8);
  extended.writeBigUInt64BE(BigInt(length));
  if (length < 126) return Buffer.from([0x81, bit | length, ...mask, ...Array(length).fill(0xff)]);
  const [code, extension] = length < 65_536 ? [126, extended.subarray(6)] : [127, extended];
  return Buffer.concat([Buffer.from([0x81, bit | code]), extension, Buffer.from(mask), Buffer.alloc(length, 0xff)]);
}

/** The longest frame in each chunk of a stream. */
const lengths = (...chunks: readonly Buffer[]): number[] => {
  const longestIn = frameMeter();
  return chunks.map(longestIn);
};

describe("gateway/frame-length", () => {
  for (const length of [0, 1, 125, 126, 32_768, 32_769, 65_535, 65_536, 131_072]) {
    it(`measures a frame of ${length} bytes, masked or not`, () => {
      expect(lengths(aFrame(length))).to.deep.equal([length]);
      expect(lengths(aFrame(length, false))).to.deep.equal([length]);
    });
  }

  it("returns the longest of several frames in a chunk", () => {
    expect(lengths(Buffer.concat([aFrame(3), aFrame(0), aFrame(500), aFrame(7)]))).to.deep.equal([500]);
  });

  it("reports a length once, for the chunk in which the header ends", () => {
    const frame = aFrame(300);
    expect(lengths(frame.subarray(0, 7), frame.subarray(7, 8), frame.subarray(8))).to.deep.equal([0, 300, 0]);
  });

  for (const length of [5, 300, 70_000]) {
    it(`measures a frame of ${length} bytes in chunks of any size`, () => {
      const stream = Buffer.concat([aFrame(1), aFrame(length), aFrame(2)]);
      for (let cut = 0; cut <= Math.min(stream.length, 40); cut += 1) {
        const read = lengths(stream.subarray(0, cut), stream.subarray(cut));
        expect(Math.max(...read), `cut at ${cut}`).to.equal(length);
      }
      const bytes = Array.from(stream, (byte) => Buffer.from([byte]));
      expect(lengths(...bytes).filter(Boolean)).to.deep.equal([1, length, 2]);
    });
  }

  it("returns 0 for an empty chunk", () => {
    expect(lengths(Buffer.alloc(0), aFrame(9))).to.deep.equal([0, 9]);
  });
});
