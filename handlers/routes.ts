/** What a route's function may do, in words. `infra/` turns each into one IAM statement on a named resource. */
export type Grant =
  | "write connections"
  | "remove connections"
  | "read members"
  | "write members"
  | "remove members"
  | "push";

export interface Route {
  /** The route key: what `$request.body.message` selects, or one of API Gateway's own. */
  readonly key: string;
  /** The file beside this one, without its ending; names the function and everything else in Terraform. */
  readonly entry: string;
  /** One line for the README. */
  readonly does: string;
  /** Longest run of the function. API Gateway itself waits for 29 seconds at most. */
  readonly timeoutSeconds: number;
  /** Send what the function returns back to the caller, as a frame. */
  readonly routeResponse?: true;
  readonly grants: readonly Grant[];
}

/** Every route of the API. A new one is a row here and a file beside it. */
export const routes: readonly Route[] = [
  {
    key: "$connect",
    entry: "connect",
    does: "stores the connection and joins it to the lobby",
    timeoutSeconds: 10,
    grants: ["write connections", "write members"],
  },
  {
    key: "$disconnect",
    entry: "disconnect",
    does: "removes the connection and all its memberships",
    timeoutSeconds: 10,
    grants: ["remove connections", "remove members"],
  },
  {
    key: "$default",
    entry: "default",
    does: "echoes whatever no other route takes to its sender",
    timeoutSeconds: 3,
    routeResponse: true,
    grants: [],
  },
  {
    key: "sendmessage",
    entry: "send-message",
    does: "says `data` to everybody in the lobby, the sender too",
    timeoutSeconds: 25,
    grants: ["read members", "remove members", "remove connections", "push"],
  },
];
