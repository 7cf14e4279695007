package dev.limpet.broker.spi;

import dev.limpet.broker.mqtt.ReasonCode;
import org.jspecify.annotations.Nullable;

/**
 * Holds an authenticator's answer about a client. Immutable.
 *
 * @param reason of a refusal, for CONNACK; success when it allows
 * @param userName the user name the client has proved; null for an anonymous client
 */
public record Authentication(Decision decision, ReasonCode reason, @Nullable String userName) {

  /** Admits an anonymous client: an unproved user name is ignored. */
  public static final Authentication ANONYMOUS =
      new Authentication(Decision.ALLOW, ReasonCode.SUCCESS, null);

  /** Not this authenticator's client. */
  public static final Authentication IGNORE =
      new Authentication(Decision.IGNORE, ReasonCode.NOT_AUTHORIZED, null);

  /** Let in as this user. */
  public static Authentication user(String userName) {
    return new Authentication(Decision.ALLOW, ReasonCode.SUCCESS, userName);
  }

  /** Refused. */
  public static Authentication deny(ReasonCode reason) {
    return new Authentication(Decision.DENY, reason, null);
  }
}
