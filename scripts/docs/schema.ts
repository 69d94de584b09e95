import { type JsonSchema, toJsonSchema } from "@valibot/to-json-schema";
import type { GenericSchema } from "valibot";
import { clientFrames } from "../../chat/protocol/client-frames.ts";
import { PublishInput, PublishOutput } from "../../chat/protocol/publishing.ts";
import { serverFrames } from "../../chat/protocol/server-frames.ts";
import { SUBPROTOCOL } from "../../chat/protocol/subprotocol.ts";
import { routes } from "../../handlers/routes.ts";

type Frames = Readonly<Record<string, JsonSchema>>;

/** JSON Schema cannot say lengths in bytes, so it remarks on them; rules that are code are in descriptions. */
export const schemaOf = (frame: GenericSchema): JsonSchema => {
  const { $schema, ...own } = toJsonSchema(frame, {
    errorMode: "ignore",
    typeMode: "input",
    overrideAction: ({ valibotAction, jsonSchema }) =>
      valibotAction.type === "max_bytes" && "requirement" in valibotAction
        ? { ...jsonSchema, $comment: `at most ${valibotAction.requirement} bytes of UTF-8` }
        : undefined,
  });
  return own;
};

const schemasOf = (frames: Readonly<Record<string, GenericSchema>>): Frames =>
  Object.fromEntries(Object.entries(frames).map(([name, frame]) => [name, schemaOf(frame)]));

/** A client's frame names its route, which the schema of what a function reads does not say. */
const withRoute = (frames: Frames): Frames =>
  Object.fromEntries(
    Object.entries(frames).map(([key, { properties, required = [], ...own }]) => [
      key,
      {
        ...own,
        description: routes.find((route) => route.key === key)?.does ?? "",
        properties: { message: { const: key, description: "The route." }, ...properties },
        required: ["message", ...required],
      },
    ]),
  );

/** By the frame's `message`. */
export const client: Frames = withRoute(schemasOf(clientFrames));

/** By the frame's `type`. */
export const server: Frames = schemasOf(serverFrames);

/** Of `publish`, for backends. */
export const publishing = {
  $schema: "http://json-schema.org/draft-07/schema#",
  title: "publish",
  definitions: { input: schemaOf(PublishInput), output: schemaOf(PublishOutput) },
};

export const protocol = {
  $schema: "http://json-schema.org/draft-07/schema#",
  title: SUBPROTOCOL,
  definitions: { client, server },
};
