import type { Stack } from "../terraform/stack.ts";

const SELECTED = /^\$(?:\{request\.body\.([\w-]+)\}|request\.body\.([\w-]+))$/;

/** A frame that selects one of the stack's own routes, to try it with; any text where there is no such simple frame. */
export function sampleFrame({ stage, routes }: Pick<Stack, "stage" | "routes">): string {
  const [, braced, plain] = SELECTED.exec(stage.routeSelectionExpression) ?? [];
  const name = braced ?? plain;
  const route = routes.find(({ key }) => !key.startsWith("$"));
  return name && route ? JSON.stringify({ [name]: route.key }) : "Hello, world!";
}
