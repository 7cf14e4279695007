package dev.limpet.broker.connection;

import dev.limpet.broker.connection.listener.ClientSocket;
import dev.limpet.broker.events.Client;
import dev.limpet.broker.events.EventKind;
import dev.limpet.broker.mqtt.ConnectRequest;
import dev.limpet.broker.mqtt.ProtocolVersion;
import dev.limpet.broker.mqtt.ReasonCode;
import dev.limpet.broker.spi.Authenticator;
import dev.limpet.broker.spi.Authorizer;
import dev.limpet.broker.spi.ClientIdentity;
import dev.limpet.broker.spi.ClientOrigin;
import dev.limpet.broker.spi.EnhancedAuthenticator;
import org.jspecify.annotations.Nullable;

/**
 * Identifies the client of a connection, as far as known so far, for the event log. Confined to its
 * lane.
 */
public final class Caller {
  private final ClientSocket clientSocket;
  private final ClientOrigin origin;
  private final SocketPorts ports;
  private @Nullable String clientId;
  private @Nullable String userName;
  private boolean connectCame;
  private boolean letIn;
  private boolean endTold;
  private @Nullable String cause;

  Caller(ClientSocket clientSocket, SocketPorts ports) {
    this.clientSocket = clientSocket;
    this.origin = clientSocket.origin();
    this.ports = ports;
  }

  public ClientSocket clientSocket() {
    return clientSocket;
  }

  public ClientOrigin origin() {
    return origin;
  }

  /** Host and port it comes from, as far as that is known. */
  public String address() {
    return origin.address();
  }

  /** Of its listener; null for the node's. */
  public @Nullable Authenticator authenticator() {
    return clientSocket.guards().authenticator();
  }

  public EnhancedAuthenticator enhanced() {
    EnhancedAuthenticator own = clientSocket.guards().enhanced();
    return own == null ? ports.guards().enhanced() : own;
  }

  public Authorizer authorizer() {
    Authorizer own = clientSocket.guards().authorizer();
    return own == null ? ports.guards().authorizer() : own;
  }

  /** A packet is complete: its socket no longer counts as one without CONNECT. */
  void spoke() {
    if (!connectCame) {
      connectCame = true;
      clientSocket.endWait();
    }
  }

  /**
   * The bytes read are not a whole CONNECT: a frontend may have ended its wait as soon as it knew
   * the client id.
   */
  void readOn() {
    if (!connectCame) {
      clientSocket.waitAgain();
    }
  }

  /** Takes the identity claimed in CONNECT. */
  public void claims(ConnectRequest request) {
    clientId = request.clientId();
    userName = request.userName();
  }

  /** Proved so. */
  public void is(ClientIdentity identity) {
    clientId = identity.clientId().value();
    userName = identity.userName();
  }

  /** Got its CONNACK. */
  public void letIn(ConnectRequest request, boolean durable) {
    letIn = true;
    ports
        .eventLog()
        .tell(
            EventKind.CONNECTED,
            this::client,
            () ->
                "MQTT "
                    + words(request.version())
                    + (durable ? ", durable" : ", transient")
                    + " session, keep alive "
                    + request.connection().keepAliveSeconds()
                    + " s");
  }

  private static String words(ProtocolVersion version) {
    return switch (version) {
      case V3_1 -> "3.1";
      case V3_1_1 -> "3.1.1";
      case V5 -> "5.0";
    };
  }

  /**
   * Something of the node failed, and the connection will be closed: not for the client to know.
   */
  public void because(String failure) {
    cause = failure;
  }

  /** It took nothing for too long, and is closed. */
  void stalled() {
    if (!endTold) {
      endTold = true;
      tell(
          EventKind.SLOW_READER,
          "it read nothing for connect-millis-max while room is short (node-socket-bytes-max)");
    }
  }

  /** The node closes the connection. */
  void closed(ReasonCode reason, String why, boolean forWhatItSent) {
    if (!endTold) {
      endTold = true;
      tell(kind(reason, forWhatItSent), why(reason, why));
    }
  }

  private String why(ReasonCode reason, String why) {
    String code = " (0x" + Integer.toHexString(reason.code()) + ")";
    String words = why.equals(reason.words()) ? why : why + ", " + reason.words();
    return words + code + (cause == null ? "" : ": " + cause);
  }

  /** The client ends the connection, or its socket does. */
  void left(String how) {
    if (letIn && !endTold) {
      endTold = true;
      tell(EventKind.DISCONNECTED, how);
    }
  }

  private EventKind kind(ReasonCode reason, boolean forWhatItSent) {
    if (cause != null) {
      return EventKind.FAILED;
    }
    return switch (reason) {
      case SESSION_TAKEN_OVER -> EventKind.TAKEN_OVER;
      case KEEP_ALIVE_TIMEOUT -> EventKind.KEEP_ALIVE;
      case BAD_USER_NAME_OR_PASSWORD, NOT_AUTHORIZED, BANNED, BAD_AUTHENTICATION_METHOD ->
          letIn ? EventKind.CLOSED : EventKind.LOGIN_REFUSED;
      default ->
          forWhatItSent
              ? EventKind.PROTOCOL_ERROR
              : letIn ? EventKind.CLOSED : EventKind.CONNECT_REFUSED;
    };
  }

  /** Something happened to it that did not end the connection. */
  public void tell(EventKind kind, String why) {
    ports.eventLog().tell(kind, this::client, () -> why);
  }

  /** For lines of the log. */
  public Client client() {
    String id = clientId == null || clientId.isEmpty() ? null : clientId;
    return new Client(id, userName, address(), clientSocket.listener());
  }
}
