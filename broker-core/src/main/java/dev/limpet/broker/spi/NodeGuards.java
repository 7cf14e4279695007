package dev.limpet.broker.spi;

/** Who decides about the clients of a node, where their listener has nobody. Immutable. */
public record NodeGuards(
    Authenticator authenticator, EnhancedAuthenticator enhanced, Authorizer authorizer) {

  /** Without enhanced authentication. */
  public NodeGuards(Authenticator authenticator, Authorizer authorizer) {
    this(authenticator, EnhancedAuthenticator.NONE, authorizer);
  }
}
