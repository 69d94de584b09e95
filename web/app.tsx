import { useCallback, useEffect, useState } from "preact/hooks";
import { ChatPage } from "./components/chat-page.tsx";
import { SignInPage, Welcome } from "./components/welcome.tsx";
import type { PageConfig } from "./page-config.ts";
import { readConfig } from "./read-config.ts";
import { CognitoSignIn } from "./sign-in/cognito.ts";
import { DevelopmentSignIn } from "./sign-in/development.ts";
import type { SignIn } from "./sign-in/sign-in.ts";
import type { Chat } from "./state/chat.ts";
import { EXPIRED, openChat } from "./state/open-chat.ts";

type Phase =
  | { readonly kind: "loading" }
  | { readonly kind: "failed"; readonly reason: string }
  | { readonly kind: "sign-in"; readonly signIn: SignIn; readonly reason: string | undefined }
  | { readonly kind: "chat"; readonly chat: Chat };

interface Loaded {
  readonly config: PageConfig;
  readonly signIn: SignIn | undefined;
}

/** The page: it reads its settings, signs the user in if the chat requires it, and opens the chat. */
export function App() {
  const [phase, setPhase] = useState<Phase>({ kind: "loading" });
  const enter = useCallback(async ({ config, signIn }: Loaded) => {
    const askToSignIn = (reason?: string): void => signIn && setPhase({ kind: "sign-in", signIn, reason });
    if (signIn && !signIn.isSignedIn) return askToSignIn();
    const token = await signIn?.token();
    if (signIn && token === undefined) return askToSignIn(EXPIRED);
    setPhase({ kind: "chat", chat: openChat({ config, signIn, token, askToSignIn }) });
  }, []);
  const [loaded, setLoaded] = useState<Loaded>();
  const start = useCallback(async () => {
    setPhase({ kind: "loading" });
    try {
      const config = await readConfig();
      const signIn = signInOf(config);
      setLoaded({ config, signIn });
      if (signIn instanceof CognitoSignIn) await signIn.complete();
      await enter({ config, signIn });
    } catch (fault) {
      setPhase({ kind: "failed", reason: fault instanceof Error ? fault.message : String(fault) });
    }
  }, [enter]);
  useEffect(() => void start(), [start]);

  if (phase.kind === "loading") return <main class="welcome" aria-busy="true" aria-label="Loading" />;
  if (phase.kind === "chat") return <ChatPage chat={phase.chat} />;
  if (phase.kind === "sign-in") {
    const { signIn, reason } = phase;
    return <SignInPage choices={signIn.choices} reason={reason} onSignedIn={() => loaded && void enter(loaded)} />;
  }
  return (
    <Welcome title="The chat cannot be opened">
      <p role="alert">{phase.reason}</p>
      <button type="button" class="button button-primary" onClick={() => void start()}>
        Try again
      </button>
    </Welcome>
  );
}

/** The way to sign in of a chat; undefined if it does not authenticate its users. */
function signInOf({ signIn }: PageConfig): SignIn | undefined {
  if (signIn.kind === "cognito") return new CognitoSignIn(signIn);
  if (signIn.kind === "development") return new DevelopmentSignIn(signIn);
  return undefined;
}
