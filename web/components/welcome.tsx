import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import type { SignInChoice } from "../sign-in/sign-in.ts";

const Logo = () => (
  <svg class="logo" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
    <path d="M5 4h14a2 2 0 0 1 2 2v9a2 2 0 0 1-2 2h-8l-5 4v-4H5a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2zM8 9h8M8 12.5h5" />
  </svg>
);

export const Welcome = ({ title, children }: { readonly title: string; readonly children: ComponentChildren }) => (
  <main class="welcome">
    <Logo />
    <h1>{title}</h1>
    {children}
  </main>
);

interface SignInPageProps {
  readonly choices: readonly SignInChoice[];
  /** Why the user has to sign in. */
  readonly reason: string | undefined;
  readonly onSignedIn: () => void;
}

export function SignInPage({ choices, reason, onSignedIn }: SignInPageProps) {
  const [error, setError] = useState(reason);
  const choose = (choice: SignInChoice): void => {
    setError(undefined);
    choice.choose().then(onSignedIn, (fault) => setError(String(fault)));
  };
  return (
    <Welcome title="Sign in to chat">
      {error !== undefined && (
        <p class="field-error" role="alert">
          {error}
        </p>
      )}
      <div class="stack">
        {choices.map((choice, index) => (
          <button
            type="button"
            key={choice.label}
            class={index === 0 ? "button button-primary" : "button"}
            onClick={() => choose(choice)}
          >
            {choice.label}
          </button>
        ))}
      </div>
    </Welcome>
  );
}
