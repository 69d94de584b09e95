import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { type Emulator, start } from "@serverless-chat/emulator";
import { localCredentials } from "@serverless-chat/emulator/iam/principal";
import { awsName } from "../../../infra/names.ts";
import type { Environment } from "../../../infra/settings/settings.ts";
import { builtFiles, createPage, type Files, type PageOptions } from "../../../scripts/start/page.ts";
import { knownPort } from "../../../scripts/start/page-settings.ts";
import type { PageConfig } from "../../../web/page-config.ts";
import { AUDIENCE, startTestIssuer, type TestIssuer } from "../../support/issuer.ts";
import { environment, synthesizedChat } from "../../support/synthesized.ts";

/** A chat on the emulator, with the page as `npm start` serves it. */
export interface PageChat extends Pick<Emulator, "url" | "dynamodbUrl" | "endpointUrl" | "now" | "advance" | "stop"> {
  /** The address of the page. */
  readonly address: string;
}

const TOKEN_SECONDS = 3_600;

interface PageChatOptions extends Partial<Pick<PageOptions, "tokenFor">> {
  readonly environment?: Partial<Environment>;
  /** The settings of the page at an address. */
  readonly config?: (address: string) => PageOptions["config"];
}

let files: Promise<Files> | undefined;

/** All chats of a process share the files of the page, which are built once. */
export async function startPageChat(own: PageChatOptions = {}): Promise<PageChat> {
  const port = await knownPort(0);
  const address = `http://127.0.0.1:${port}/`;
  files ??= builtFiles();
  const page = createPage(
    {
      stageName: environment.stageName,
      tokenFor: async () => undefined,
      ...own,
      config: own.config?.(address) ?? { signIn: { kind: "none" } },
    },
    () => files as Promise<Files>,
  );
  const emulator = await start({
    stackDirectory: synthesizedChat(own.environment && { environment: own.environment }),
    port,
    // The tests are faster than people.
    throttle: false,
    serveElsewhere: page.serve,
  });
  return { ...emulator, address };
}

export interface SignedInPageChat extends PageChat {
  readonly issuer: TestIssuer;
  /** Publishes a message as a backend does. */
  publish(message: {
    readonly channel?: string;
    readonly user?: string;
    readonly from: string;
    readonly data: string;
  }): Promise<void>;
}

/** A chat whose page offers to sign in as mona, a moderator, or as ben. */
export async function startModeratedPageChat(
  own: Pick<PageConfig & Environment, "lastingMembership"> = {},
): Promise<SignedInPageChat> {
  const issuer = await startTestIssuer();
  const groups: Readonly<Record<string, readonly string[]>> = { mona: ["moderators"], ben: [] };
  const chat: PageChat = await startPageChat({
    environment: {
      authentication: { kind: "jwt", issuer: issuer.url, audience: AUDIENCE },
      moderators: ["moderators"],
      ownMessageMinutes: 15,
      reactions: true,
      unreadCounts: true,
      directConversations: true,
      readReceipts: true,
      publish: { channels: ["lobby"], users: true },
      ...own,
    },
    config: () => ({
      signIn: { kind: "development", users: Object.keys(groups), tokenUrl: "/token" },
      moderators: ["moderators"],
      ownMessageMinutes: 15,
      reactions: true,
      unreadCounts: true,
      directConversations: true,
      ...own,
    }),
    tokenFor: (user) => {
      const exp = Math.floor(chat.now() / 1_000) + TOKEN_SECONDS;
      return issuer.token({ claims: { sub: user, groups: groups[user] ?? [], exp } });
    },
  });
  return {
    ...chat,
    issuer,
    async publish(message) {
      const credentials = localCredentials();
      const lambda = new LambdaClient({ region: environment.region, endpoint: chat.endpointUrl, credentials });
      const Payload = JSON.stringify({ messages: [{ id: "p-1", ...message }] });
      await lambda.send(new InvokeCommand({ FunctionName: awsName(environment, "publish"), Payload }));
      lambda.destroy();
    },
    async stop() {
      await chat.stop();
      await issuer.stop();
    },
  };
}
