import { expect } from "chai";
import { FRAME_BYTES_MAX, frameChecker } from "../../src/gateway/frame-length.ts";

const TEXT = 0x81;
const CLOSE = 0x88;

/** A frame with a payload of this length. The bytes of the payload look like frame headers. */
function aFrame(length: number, { isMasked = true, first = TEXT } = {}): Buffer {
  const mask = isMasked ? [1, 2, 3, 4] : [];
  const bit = isMasked ? 0x80 : 0;
  const extended = Buffer.alloc(8);
  extended.writeBigUInt64BE(BigInt(length));
  if (length < 126) return Buffer.from([first, bit | length, ...mask, ...Array(length).fill(0xff)]);
  const [code, extension] = length < 65_536 ? [126, extended.subarray(6)] : [127, extended];
  return Buffer.concat([Buffer.from([first, bit | code]), extension, Buffer.from(mask), Buffer.alloc(length, 0xff)]);
}

/** The close code for each chunk of a stream. */
const codes = (...chunks: readonly Buffer[]): (number | undefined)[] => {
  const faultIn = frameChecker();
  return chunks.map((chunk) => faultIn(chunk)?.code);
};

describe("gateway/frame-length", () => {
  for (const length of [0, 1, 125, 126, FRAME_BYTES_MAX]) {
    it(`accepts a frame of ${length} bytes, masked or not`, () => {
      for (const isMasked of [true, false]) {
        expect(codes(aFrame(length, { isMasked }), aFrame(1))).to.deep.equal([undefined, undefined]);
      }
    });
  }

  for (const length of [FRAME_BYTES_MAX + 1, 65_535, 65_536, 131_072]) {
    it(`closes with 1009 after a frame of ${length} bytes, masked or not`, () => {
      for (const isMasked of [true, false]) expect(codes(aFrame(length, { isMasked }))).to.deep.equal([1009]);
    });
  }

  for (const [encoded, head] of Object.entries({
    "125 as 16 bits": [126, 0, 125],
    "0 as 16 bits": [126, 0, 0],
    "65,535 as 64 bits": [127, 0, 0, 0, 0, 0, 0, 0xff, 0xff],
    "-1 as 64 bits": [127, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
  })) {
    it(`closes with 1002 after a length of ${encoded}`, () => {
      expect(codes(Buffer.from([TEXT, ...head]))).to.deep.equal([1002]);
    });
  }

  it("checks all frames in a chunk", () => {
    expect(codes(Buffer.concat([aFrame(3), aFrame(0), aFrame(40_000), aFrame(7)]))).to.deep.equal([1009]);
  });

  it("reports a frame for the chunk in which its header ends", () => {
    const frame = aFrame(40_000);
    expect(codes(frame.subarray(0, 7), frame.subarray(7, 8))).to.deep.equal([undefined, 1009]);
  });

  for (const length of [5, 300, 20_000]) {
    it(`finds the invalid frame after a frame of ${length} bytes, in chunks of any size`, () => {
      const stream = Buffer.concat([aFrame(1), aFrame(length), aFrame(40_000).subarray(0, 8)]);
      for (let cut = 0; cut <= 40; cut += 1) {
        expect(codes(stream.subarray(0, cut), stream.subarray(cut)), `cut at ${cut}`).to.include(1009);
      }
      const bytes = Array.from(stream, (byte) => Buffer.from([byte]));
      expect(codes(...bytes).indexOf(1009)).to.equal(stream.length - 1);
    });
  }

  it("ignores everything after a close frame", () => {
    expect(codes(Buffer.concat([aFrame(2, { first: CLOSE }), aFrame(40_000)]), aFrame(40_000))).to.deep.equal([
      undefined,
      undefined,
    ]);
  });

  it("accepts an empty chunk", () => {
    expect(codes(Buffer.alloc(0), aFrame(40_000))).to.deep.equal([undefined, 1009]);
  });
});
