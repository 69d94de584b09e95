import { type Change, create, fromTemplate, insert, type Names, namesOf } from "./changes.ts";

/** A route that acknowledges its frame: the smallest one that has everything a route needs. */
export function routeChanges(name: string): readonly Change[] {
  const names = namesOf(name);
  const { key, value } = names;
  return [
    insert("handlers/routes.ts", [{ after: /export const routes\b[^\n]*\n[\s\S]*?\n(?=\];)/, text: row(names) }]),
    insert("handlers/settings.ts", [
      {
        after: /[\s\S]*?\n(?=export const fanOutWorker\b)/,
        text: `export const ${value} = [all, frame] as const satisfies SettingLists;\n`,
      },
    ]),
    frameOf(names),
    create(`handlers/${key}.ts`, fromTemplate("handler", names)),
    create(`chat/use-cases/${key}.ts`, fromTemplate("use-case", names)),
    create(`__tests__/chat/use-cases/${key}-test.ts`, fromTemplate("use-case-test", names)),
    create(`docs/transcripts/${key}.txt`, transcript(names)),
  ];
}

const row = ({ key, value }: Names): string => `  {
    key: "${key}",
    entry: "${key}",
    does: "acknowledges the frame",
    timeoutSeconds: 5,
    routeResponse: true,
    grants: [...frame, "close expired"],
    settings: settings.${value},
  },
`;

/** The schema of the frame, its row in the table of frames, and its type. */
const frameOf = ({ key, value, type }: Names): Change =>
  insert("chat/protocol/client-frames.ts", [
    {
      after: /\n(?=\n(\/\*\*[^\n]*\*\/\n)?export const clientFrames = \{)/,
      text: `export const ${type} = v.object(request, missingField);\n`,
    },
    {
      after: /export const clientFrames = \{\n[\s\S]*?\n(?=\})/,
      text: `  ${key === value ? key : `"${key}"`}: ${type},\n`,
    },
    {
      after: /(export type \w+ = v\.InferOutput<typeof \w+>;\n)+/,
      text: `export type ${type} = v.InferOutput<typeof ${type}>;\n`,
    },
  ]);

/** A test replays it, and docs/protocol.md shows it. */
const transcript = ({ key }: Names): string => `anna connects with chat.v1
anna> {"message":"${key}","id":"c-1"}
anna< {"type":"ack","request":"${key}","id":"c-1"}
`;
