import { type Change, create, fromTemplate, type Insertion, insert, type Names, namesOf } from "./changes.ts";

const STAND_INS = "__tests__/support/chatops";

/** Biome sorts the imports afterwards. */
const FIRST_LINE = /^/;

/** A service that can report its status, with a stand-in for its API, so that the tests of every service run for it. */
export function serviceChanges(name: string): readonly Change[] {
  const names = namesOf(name);
  const { key, value, type } = names;
  return [
    insert("chatops/services.ts", serviceRow(names)),
    create(`chatops/${key}/${key}.ts`, fromTemplate("service", names)),
    insert(`${STAND_INS}/stand-ins.ts`, [
      { after: FIRST_LINE, text: `import { start${type} } from "./${key}.ts";\n` },
      {
        after: /export const standIns\b[^\n]*\n[\s\S]*?\n(?=\})/,
        text: `  ${key === value ? key : `"${key}"`}: start${type},\n`,
      },
    ]),
    create(`${STAND_INS}/${key}.ts`, fromTemplate("stand-in", names)),
    insert("docs/chatops.md", [
      { after: /[\s\S]*<!-- secret: [\w-]+ -->\n```json\n[^\n]*\n```\n/, text: exampleSecret(names) },
    ]),
  ];
}

/** The import and the element that add a service to the table of services. */
export const serviceRow = ({ key, value }: Pick<Names, "key" | "value">): readonly Insertion[] => [
  { after: FIRST_LINE, text: `import { ${value} } from "./${key}/${key}.ts";\n` },
  { after: /export const services\b[^\n]*\[[\w\s,]*\w/, text: `, ${value}` },
];

/** A test checks it against the service's schema. */
const exampleSecret = ({ key, type }: Names): string => `
${type}: an API token.
<!-- secret: ${key} -->
\`\`\`json
{"url":"https://api.${key}.example","token":"…"}
\`\`\`
`;
