import type { Stack } from "../terraform/stack.ts";

const SELECTED = /^\$(?:\{request\.body\.([\w-]+)\}|request\.body\.([\w-]+))$/;

/** A frame that selects a custom route of the stack; any text if the selection expression is not a top-level key. */
export function sampleFrame({ stage, routes }: Pick<Stack, "stage" | "routes">): string {
  const [, braced, plain] = SELECTED.exec(stage.routeSelectionExpression) ?? [];
  const name = braced ?? plain;
  const route = routes.find(({ key }) => !key.startsWith("$"));
  return name && route ? JSON.stringify({ [name]: route.key }) : "Hello, world!";
}
