package dev.limpet.broker.spi;

import dev.limpet.broker.mqtt.ReasonCode;
import org.jspecify.annotations.Nullable;

/**
 * What an authenticator says of a client. Immutable.
 *
 * @param reason of a refusal, for CONNACK; success when it allows
 * @param userName who the client has proved to be; null for nobody in particular
 */
public record Authentication(Decision decision, ReasonCode reason, @Nullable String userName) {

  /** Let in, as nobody in particular: a user name that was only claimed counts for nothing. */
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
