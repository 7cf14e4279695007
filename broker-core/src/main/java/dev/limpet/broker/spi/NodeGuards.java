package dev.limpet.broker.spi;

/** Groups the guards that decide about clients whose listener has none of its own. Immutable. */
public record NodeGuards(
    Authenticator authenticator, EnhancedAuthenticator enhanced, Authorizer authorizer) {

  /** Without enhanced authentication. */
  public NodeGuards(Authenticator authenticator, Authorizer authorizer) {
    this(authenticator, EnhancedAuthenticator.NONE, authorizer);
  }
}
