package dev.limpet.broker.connection;

import dev.limpet.broker.connection.codec.PacketLimits;
import dev.limpet.broker.session.SessionLimits;

/**
 * Holds the bounds of one connection. Immutable.
 *
 * @param packetBytesMax largest packet a client may send, default 1 MiB; up to 268,435,460
 * @param connectTimeoutMillis time from accept to a whole CONNECT, default 10,000: enough for a
 *     slow line, too little for an attacker. Also the time a plug-in has to answer one question,
 *     and the time a client may read nothing while room in the sockets is short
 * @param topicAliasMaximum topic aliases a v5 client may use, 0 to 65,535, default 32
 * @param writeBufferBytesMax bytes that wait for the socket before deliveries queue in the session,
 *     default 1 MiB: keeps a fast reader busy
 * @param session bounds of the session behind it
 * @param packets bounds of a packet's content
 * @param protocol settings for the choices MQTT leaves to servers
 * @param takeover bounds of the waits in a takeover
 */
public record ConnectionOptions(
    int packetBytesMax,
    int connectTimeoutMillis,
    int topicAliasMaximum,
    int writeBufferBytesMax,
    SessionLimits session,
    PacketLimits packets,
    ProtocolOptions protocol,
    Takeover takeover) {

  public static final ConnectionOptions DEFAULTS =
      new ConnectionOptions(
          1 << 20,
          10_000,
          32,
          1 << 20,
          SessionLimits.DEFAULTS,
          PacketLimits.DEFAULTS,
          ProtocolOptions.DEFAULTS,
          new Takeover(10_000, 1_000));

  /**
   * Bounds the waits of a connection that takes over another's client id. Immutable.
   *
   * @param pauseMillisMax longest time a CONNECT waits when its client id is taken from one client
   *     by another again and again, default 10,000, which most clients still wait; 0 for none.
   *     Never longer than connectTimeoutMillis
   * @param lastWordsMillisMax how long an eviction waits for packets the client has already sent,
   *     default 1,000: longer than a frontend's event loop stalls, shorter than a CONNECT may take
   *     anyway
   */
  public record Takeover(int pauseMillisMax, int lastWordsMillisMax) {}

  /** A builder that starts from the defaults. */
  public static Builder builder() {
    return DEFAULTS.toBuilder();
  }

  /** A builder that starts from these values. */
  public Builder toBuilder() {
    return new Builder(this);
  }

  /** Collects changes to the values it starts from. Confined to its caller. */
  public static final class Builder {
    private int packetBytesMax;
    private int connectTimeoutMillis;
    private int topicAliasMaximum;
    private int writeBufferBytesMax;
    private SessionLimits session;
    private PacketLimits packets;
    private ProtocolOptions protocol;
    private int takeoverPauseMillisMax;
    private int lastWordsMillisMax;

    private Builder(ConnectionOptions from) {
      packetBytesMax = from.packetBytesMax;
      connectTimeoutMillis = from.connectTimeoutMillis;
      topicAliasMaximum = from.topicAliasMaximum;
      writeBufferBytesMax = from.writeBufferBytesMax;
      session = from.session;
      packets = from.packets;
      protocol = from.protocol;
      takeoverPauseMillisMax = from.takeover.pauseMillisMax;
      lastWordsMillisMax = from.takeover.lastWordsMillisMax;
    }

    public Builder packetBytesMax(int value) {
      packetBytesMax = value;
      return this;
    }

    public Builder connectTimeoutMillis(int value) {
      connectTimeoutMillis = value;
      return this;
    }

    public Builder topicAliasMaximum(int value) {
      topicAliasMaximum = value;
      return this;
    }

    public Builder writeBufferBytesMax(int value) {
      writeBufferBytesMax = value;
      return this;
    }

    public Builder session(SessionLimits value) {
      session = value;
      return this;
    }

    public Builder packets(PacketLimits value) {
      packets = value;
      return this;
    }

    public Builder protocol(ProtocolOptions value) {
      protocol = value;
      return this;
    }

    public Builder takeoverPauseMillisMax(int value) {
      takeoverPauseMillisMax = value;
      return this;
    }

    public Builder lastWordsMillisMax(int value) {
      lastWordsMillisMax = value;
      return this;
    }

    /**
     * The options.
     *
     * @throws IllegalArgumentException if a value is out of its bounds
     */
    public ConnectionOptions build() {
      return new ConnectionOptions(
          packetBytesMax,
          connectTimeoutMillis,
          topicAliasMaximum,
          writeBufferBytesMax,
          session,
          packets,
          protocol,
          new Takeover(takeoverPauseMillisMax, lastWordsMillisMax));
    }
  }
}
