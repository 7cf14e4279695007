package dev.limpet.broker.connection;

import dev.limpet.broker.connection.codec.ConnackProperties;
import dev.limpet.broker.connection.codec.Packet;
import dev.limpet.broker.connection.codec.Packet.Acknowledgement;
import dev.limpet.broker.connection.codec.Packet.Connack;
import dev.limpet.broker.connection.codec.Packet.Disconnect;
import dev.limpet.broker.connection.codec.PacketEncoder;
import dev.limpet.broker.connection.codec.PacketType;
import dev.limpet.broker.connection.codec.PublishEncoder;
import dev.limpet.broker.delivery.Drops;
import dev.limpet.broker.io.SocketWriter;
import dev.limpet.broker.metrics.BrokerMetrics;
import dev.limpet.broker.mqtt.ConnectRequest;
import dev.limpet.broker.mqtt.Delivery;
import dev.limpet.broker.mqtt.ProtocolVersion;
import dev.limpet.broker.mqtt.Publication;
import dev.limpet.broker.mqtt.ReasonCode;
import dev.limpet.broker.session.AcknowledgementKind;
import dev.limpet.broker.session.SessionOutput;
import dev.limpet.broker.spi.Decision;
import dev.limpet.broker.topic.SharedFilter;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Encodes packets for one client, in its version and within its Maximum Packet Size.
 *
 * <p>Confined to its lane.
 */
public final class ClientOutput implements SessionOutput {
  private static final long EXPIRY_SECONDS_MAX = 0xFFFF_FFFFL;

  private final SocketWriter writer;
  private final BrokerMetrics metrics;
  private final ProtocolOptions options;
  private final Drops drops;
  private final Caller caller;
  private PacketEncoder encoder = new PacketEncoder(ProtocolVersion.V3_1_1);
  private PublishEncoder publishes = encoder.publishes();
  private LongSupplier wallMillis = () -> 0;

  /** Null for a client that takes none. */
  private @Nullable OutboundAliases aliases;

  /** Null for a client that may have all it has subscribed to. */
  private @Nullable PartialGrants partial;

  ClientOutput(SocketWriter writer, SocketPorts ports, Caller caller) {
    this.writer = writer;
    this.metrics = ports.metrics();
    this.options = ports.options().protocol();
    this.drops = ports.drops();
    this.caller = caller;
  }

  /** Applies the version and the limits from CONNECT. */
  public void negotiated(ConnectRequest request, LongSupplier wallMillis) {
    encodeBy(PacketEncoder.toClient(request));
    this.wallMillis = wallMillis;
    int aliasesMax =
        Math.min(request.connection().topicAliasMaximum(), options.topicAliasesOutMax());
    aliases = aliasesMax == 0 ? null : new OutboundAliases(aliasesMax);
  }

  /** Sets the version of a refused CONNECT. */
  public void speak(ProtocolVersion version) {
    encodeBy(new PacketEncoder(version));
  }

  private void encodeBy(PacketEncoder next) {
    encoder = next;
    publishes = next.publishes();
  }

  /**
   * Writes any packet but PUBLISH.
   *
   * @return false when it is larger than the client takes
   */
  public boolean write(Packet packet) {
    writer.traffic().packetSent();
    return encoder.write(writer.buffer(), packet);
  }

  /** A subscription was granted, with or without a filter, or is by now. */
  public void granted(
      SharedFilter filter, CompletableFuture<Decision> answer, Permissions permissions) {
    if (Permissions.isFiltered(answer)) {
      if (partial == null) {
        partial = new PartialGrants(permissions);
      }
      partial.add(filter);
    } else {
      ended(filter);
    }
  }

  /** A subscription is over. */
  public void ended(SharedFilter filter) {
    if (partial != null && partial.remove(filter)) {
      partial = null;
    }
  }

  /** Whether the client may have a delivery; one it may not is counted. */
  public boolean mayHave(Delivery delivery) {
    if (partial == null || partial.mayHave(delivery.publication().topic())) {
      return true;
    }
    metrics.deliveryFiltered();
    return false;
  }

  /** Whether the client accepts a SUBACK or UNSUBACK of this many reason codes. */
  public boolean takesReasons(int count) {
    return encoder.takesReasons(count);
  }

  @Override
  public boolean isWritable() {
    return writer.isWritable();
  }

  @Override
  public boolean publish(Delivery delivery, int packetId, boolean dup) {
    if (!mayHave(delivery)) {
      return false; // and so it counts as delivered
    }
    Publication publication = delivery.publication();
    if (!dup && hasExpired(publication)) {
      metrics.deliveryExpired(); // [MQTT-3.3.2-5]
      return false;
    }
    long expirySeconds = expirySeconds(publication);
    boolean written =
        aliases == null
            ? publishes.encode(writer.buffer(), delivery, packetId, dup, expirySeconds)
            : aliases.publish(
                publishes,
                writer.buffer(),
                PublishEncoder.packet(delivery, packetId, dup, expirySeconds));
    if (!written) {
      drops.tooLarge(caller::client, delivery); // [MQTT-3.1.2-24], [MQTT-3.1.2-25]
      return false;
    }
    writer.traffic().packetSent();
    writer.traffic().publicationSent(publication.payload().length());
    writer.appended();
    return true;
  }

  @Override
  public void acknowledge(AcknowledgementKind kind, int packetId, ReasonCode reason) {
    PacketType type =
        switch (kind) {
          case PUBACK -> PacketType.PUBACK;
          case PUBREC -> PacketType.PUBREC;
          case PUBREL -> PacketType.PUBREL;
          case PUBCOMP -> PacketType.PUBCOMP;
        };
    writer.traffic().packetSent();
    if (reason.isError() && options.reasonStrings()) {
      Acknowledgement told = new Acknowledgement(type, packetId, reason, reason.words(), List.of());
      if (encoder.write(writer.buffer(), told)) {
        return;
      }
    }
    encoder.acknowledge(writer.buffer(), type, packetId, reason);
  }

  /** Refuses a CONNECT. */
  public void refuse(ReasonCode reason, String why) {
    ConnackProperties properties =
        ConnackProperties.builder()
            .reasonString(reasonString(why))
            .serverReference(
                reason == ReasonCode.USE_ANOTHER_SERVER ? options.serverReference() : null)
            .build();
    write(Connack.refused(reason, properties));
  }

  /** Sends DISCONNECT to a v5 client; with a server reference when the node does not serve it. */
  public void disconnect(ReasonCode reason, String why) {
    boolean ends =
        reason == ReasonCode.SERVER_SHUTTING_DOWN || reason == ReasonCode.SERVER_UNAVAILABLE;
    String elsewhere = ends ? options.serverReference() : null;
    ReasonCode told = elsewhere == null ? reason : ReasonCode.USE_ANOTHER_SERVER;
    write(Disconnect.byServer(told, reasonString(why), elsewhere));
  }

  /** The words, where words are wanted. */
  public @Nullable String reasonString(String words) {
    return options.reasonStrings() ? words : null;
  }

  /** The channel can take more. */
  void drained() {
    writer.drained();
  }

  /**
   * Sends everything written so far and discards later writes.
   *
   * @param fin whether the client is told so
   */
  void end(boolean fin) {
    writer.end(fin);
  }

  /** Nothing that is written is sent any more. */
  void mute() {
    writer.mute();
  }

  /** Flushes pending output, then closes the socket. */
  void close() {
    writer.close();
  }

  /** Most never do, and reading a clock for each delivery is not for nothing. */
  private boolean hasExpired(Publication publication) {
    return publication.expiresAtMillis() != Publication.NEVER
        && publication.isExpired(wallMillis.getAsLong());
  }

  /** Returns the remaining message expiry interval [MQTT-3.3.2-6]. */
  private long expirySeconds(Publication publication) {
    if (publication.expiresAtMillis() == Publication.NEVER) {
      return Packet.Publish.NO_EXPIRY;
    }
    long leftMillis = publication.expiresAtMillis() - wallMillis.getAsLong();
    // Should the clock have been set back: no more than four bytes can say.
    return Math.min(EXPIRY_SECONDS_MAX, Math.max(0, (leftMillis + 999) / 1_000));
  }
}
