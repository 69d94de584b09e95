/** Which tokens are accepted, and how their claims are read. A setting of the environment. */
export interface TokenRules {
  /** Exactly the `iss` claim of tokens. Its discovery document leads to the public keys. */
  readonly issuer: string;
  /** A token must be for one of these. */
  readonly audience: string | readonly string[];
  /** Access tokens of Cognito have their audience in `client_id`, and their purpose in `token_use`. */
  readonly kind: "cognito" | "jwt";
  /** The claim with the user id. The issuer must keep it unique, and users must not be able to change it. */
  readonly userClaim: string;
  readonly groupsClaim: string;
  /** Whether connections close when the token expires that opened them. */
  readonly closeAtExpiry: boolean;
}
