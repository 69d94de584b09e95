import { compileFunction } from "node:vm";
import conditionParser from "dynalite/db/conditionParser";
import projectionParser from "dynalite/db/projectionParser";
import updateParser from "dynalite/db/updateParser";

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html#limits-expression-parameters */
const EXPRESSION_BYTES_MAX = 4_096;

type Parser = typeof conditionParser;

/** Limits the length of expressions, and the time to parse them. */
export function limitExpressions(): void {
  for (const parser of [conditionParser, projectionParser, updateParser]) {
    const parse = memoized(parser);
    parser.parse = (text, options) => {
      const length = Buffer.byteLength(text);
      if (length <= EXPRESSION_BYTES_MAX) return parse(text, options);
      throw new Error(`Expression size has exceeded the maximum allowed size; expression size: ${length}`);
    };
  }
}

/**
 * Parses each part of an expression once, as parsers do that PEG.js generates with `cache: true`. dynalite's parsers are
 * generated without it. They parse the content of parentheses several times at each level: 8 levels take seconds, and
 * about 12 end the process, because V8 cannot grow an array of that size.
 */
function memoized({ parse, SyntaxError: syntaxError }: Parser): Parser["parse"] {
  const source = parse
    .toString()
    .replace(/^function peg\$parse\(input, options\) \{/, `$&${CACHE}`)
    .replaceAll(
      /function (peg\$parse(\w+))\(\) \{/g,
      "function $1() { return peg$$once('$2', uncached$$$2); } function uncached$$$2() {",
    );
  return compileFunction(`return ${source}`, ["peg$SyntaxError"])(syntaxError);
}

const CACHE = `
  const peg$$results = new Map();
  function peg$$once(rule, parse) {
    const key = rule + peg$$currPos;
    const known = peg$$results.get(key);
    if (known) {
      peg$$currPos = known.end;
      return known.result;
    }
    const result = parse();
    peg$$results.set(key, { result, end: peg$$currPos });
    return result;
  }`;
