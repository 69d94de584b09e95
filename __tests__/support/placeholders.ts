import { decodeTime, encodeTime } from "ulid";

/** The patterns of placeholders in a transcript. */
const SHAPES: Readonly<Record<string, string>> = {
  id: "[0-7][0-9A-HJKMNP-TV-Z]{25}",
  time: "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z",
  guest: "guest-[a-z0-9]{6}",
};

const PLACEHOLDER = /<(?:id|time|guest)(?::\w+)?>/;

/** The values of placeholders so far in a transcript. */
export interface Placeholders {
  /** Replaces placeholders by values. */
  fillIn(text: string): string;
  /** Returns the expected line if the frame matches it, otherwise the frame. */
  read(expected: string, frame: string): string;
}

export function placeholders(): Placeholders {
  const values = new Map<string, string>();

  /** Stores new values only if the whole frame matches, and if no value belongs to two ids or two guests. */
  function fits(expected: string, frame: string): boolean {
    const names: string[] = [];
    const pattern = expected.split(new RegExp(`(${PLACEHOLDER.source})`)).map((part) => {
      if (!PLACEHOLDER.test(part) || values.has(part)) return escaped(values.get(part) ?? part);
      const seen = names.indexOf(part);
      if (seen >= 0) return `\\${seen + 1}`;
      names.push(part);
      return `(${SHAPES[kindOf(part)]})`;
    });
    const match = new RegExp(`^${pattern.join("")}$`, "s").exec(frame);
    if (!match) return false;
    for (const [index, name] of names.entries()) values.set(name, match[index + 1] as string);
    const unique = [...values].filter(([name]) => kindOf(name) !== "time").map(([, value]) => value);
    return new Set(unique).size === unique.length;
  }

  function known(name: string): string {
    const value = values.get(name);
    if (value === undefined) throw new Error(`The transcript sends ${name} before a frame contains it.`);
    return value;
  }

  return {
    fillIn: (text) =>
      text
        .replaceAll(/<(id[^,>]*), less (\d+) s>/g, (_, name: string, seconds: string) =>
          earlier(known(`<${name}>`), Number(seconds)),
        )
        .replaceAll(new RegExp(PLACEHOLDER, "g"), known)
        .replaceAll(/<(\d+) bytes>/g, (_, bytes: string) => "x".repeat(Number(bytes))),
    read: (expected, frame) => (fits(expected, frame) ? expected : frame),
  };
}

/** The first id of the time that is this many seconds before an id. */
const earlier = (id: string, seconds: number): string => encodeTime(decodeTime(id) - seconds * 1000) + "0".repeat(16);

const kindOf = (name: string): string => name.slice(1, -1).split(":")[0] as string;

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\/]/g, "\\$&");
