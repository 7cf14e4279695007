package dev.limpet.broker.connection;

import dev.limpet.broker.connection.codec.ConnackProperties;
import dev.limpet.broker.connection.codec.Packet;
import dev.limpet.broker.connection.codec.Packet.Connack;
import dev.limpet.broker.connection.codec.PacketException;
import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.ConnectRequest;
import dev.limpet.broker.mqtt.ReasonCode;
import dev.limpet.broker.mqtt.Subscription;
import dev.limpet.broker.spi.Claim;
import dev.limpet.broker.spi.Claimed;
import dev.limpet.broker.spi.ClientIdentity;
import dev.limpet.broker.spi.StoredSession;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * From CONNECT to CONNACK: authenticate, claim, evict the connection before, open the session, have
 * its routes known, answer. Packets that follow wait in the socket meanwhile.
 *
 * <p>Confined to its lane; every step comes back to it.
 */
final class ConnectFlow implements PacketHandler {
  private static final Logger LOG = LoggerFactory.getLogger(ConnectFlow.class);
  private static final StoredSession NOTHING_STORED =
      new StoredSession(false, List.of(), List.of(), Map.of(), 0);

  private final MqttConnection connection;
  private final ConnectionPorts ports;
  private final ConnectRequest request;
  private final ClientIds clientIds;
  private Attachments.@Nullable Pending pending;
  private @Nullable Claimed claimed;

  ConnectFlow(MqttConnection connection, ConnectionPorts ports, ConnectRequest request) {
    this.connection = connection;
    this.ports = ports;
    this.request = request;
    this.clientIds = new ClientIds(ports.routing().cluster().membership());
  }

  void begin() {
    if (request.authenticationMethod() != null) {
      refuse(ReasonCode.BAD_AUTHENTICATION_METHOD); // [MQTT-4.12.0-1]
      return;
    }
    if (request.clientId().isEmpty() && !clientIds.mayAssign(request)) {
      refuse(ReasonCode.CLIENT_IDENTIFIER_NOT_VALID); // [MQTT-3.1.3-8]
      return;
    }
    step(
        ports.authenticator().authenticate(request, connection.address()),
        reason -> {
          if (reason == ReasonCode.SUCCESS) {
            claim();
          } else {
            refuse(reason);
          }
        });
  }

  private void claim() {
    ClientId clientId =
        request.clientId().isEmpty() ? clientIds.assign() : ClientId.of(request.clientId());
    pending = ports.attachments().announce(clientId);
    step(
        ports
            .routing()
            .cluster()
            .directory()
            .claim(clientId, Wills.of(request), connection.address()),
        this::claimed);
  }

  private void claimed(Claimed answer) {
    claimed = answer;
    if (answer.unsentWill() != null
        && (answer.unsentWill().delaySeconds() == 0 || request.cleanStart())) {
      ports.wills().publish(answer.claim().clientId(), answer.unsentWill()); // [MQTT-3.1.3-9]
    }
    Claim previous = answer.previous();
    if (previous == null) {
      open(answer);
      return;
    }
    ports.metrics().takenOver();
    var unused =
        evict(previous)
            .whenCompleteAsync(
                (nothing, failure) -> {
                  if (failure != null) {
                    // The old host is gone or silent; its writes are fenced by the new epoch.
                    LOG.info("No answer from the old host of {}: {}", previous, failure.toString());
                  }
                  open(answer);
                },
                connection.lane());
  }

  private CompletionStage<Void> evict(Claim previous) {
    return previous.host().equals(ports.routing().cluster().membership().self())
        ? ports.attachments().evict(previous)
        : ports.routing().cluster().peers().evict(previous);
  }

  private void open(Claimed answer) {
    boolean transientAndNew = request.sessionExpirySeconds() == 0 && !answer.known();
    if (transientAndNew) {
      route(answer, NOTHING_STORED); // nothing can be stored: no need to ask
      return;
    }
    step(
        ports
            .routing()
            .sessions()
            .open(answer.claim(), request.cleanStart(), request.sessionExpirySeconds()),
        stored -> route(answer, stored));
  }

  /** Has the live routes of a resumed session known before the client is told that it is back. */
  private void route(Claimed answer, StoredSession stored) {
    ClientId clientId = answer.claim().clientId();
    ClientIdentity identity =
        new ClientIdentity(clientId, request.userName(), connection.address());
    AttachmentMaker maker = new AttachmentMaker(connection, ports, request);
    Attachment attachment = maker.make(answer.claim(), identity, stored);
    List<CompletionStage<Void>> routed = new ArrayList<>();
    for (Subscription subscription : stored.subscriptions()) {
      routed.add(ports.routing().localSubscriptions().add(attachment, subscription));
    }
    if (attachment.isDurable() || answer.known()) {
      routed.add(ports.homes().index(clientId, connection.lane()));
    }
    CompletableFuture<Void> all = Detaching.all(routed);
    if (all.isDone() && !all.isCompletedExceptionally()) {
      attach(attachment, stored);
      return;
    }
    var unused =
        all.whenCompleteAsync(
            (nothing, failure) -> {
              if (failure == null) {
                attach(attachment, stored);
              } else {
                abort(attachment, failure);
              }
            },
            connection.lane());
  }

  private void attach(Attachment attachment, StoredSession stored) {
    Attachments.Pending announced = pending;
    pending = null;
    if (announced == null || !ports.attachments().attach(announced, attachment)) {
      attachment.detaching().superseded();
      attachment.detaching().begin(attachment, ReasonCode.SESSION_TAKEN_OVER);
      refuse(ReasonCode.SERVER_BUSY);
      return;
    }
    if (connection.isClosed()) {
      attachment.detaching().discardWill(); // the client never heard that it was connected
      attachment.detaching().begin(attachment, ReasonCode.UNSPECIFIED_ERROR);
      return;
    }
    connection
        .output()
        .write(new Connack(stored.present(), ReasonCode.SUCCESS, properties(attachment)));
    Connected connected = new Connected(connection, ports, attachment, request);
    connection.become(connected);
    connection.watch(request.keepAliveSeconds());
    ports.events().connected(attachment.claim(), attachment.identity());
    if (attachment.reader() != null) {
      attachment.reader().start(stored);
    }
    connection.resume();
  }

  private ConnackProperties properties(Attachment attachment) {
    boolean assigned = request.clientId().isEmpty();
    return new ConnackProperties.Builder()
        .receiveMaximum(ports.options().session().receiveMaximum())
        .maximumPacketBytes(ports.options().packetBytesMax())
        .topicAliasMaximum(ports.options().topicAliasMaximum())
        .assignedClientId(assigned ? attachment.clientId().value() : null)
        .build();
  }

  /** Goes on with a step's result on the lane, or ends the flow when it failed. */
  private <T> void step(CompletionStage<T> stage, Consumer<T> next) {
    var unused =
        stage.whenCompleteAsync(
            (result, failure) -> {
              if (failure == null) {
                next.accept(result);
              } else {
                LOG.warn("CONNECT of {} failed: {}", connection.address(), failure.toString());
                giveUp();
                refuse(ReasonCode.SERVER_UNAVAILABLE);
              }
            },
            connection.lane());
  }

  private void abort(Attachment attachment, Throwable failure) {
    LOG.warn("CONNECT of {} failed: {}", connection.address(), failure.toString());
    giveUp();
    attachment.detaching().discardWill();
    attachment.detaching().begin(attachment, ReasonCode.SERVER_UNAVAILABLE);
    refuse(ReasonCode.SERVER_UNAVAILABLE);
  }

  /** The claim, if there is one, stays for the next connection to take. */
  private void giveUp() {
    if (pending != null) {
      ports.attachments().abandon(pending);
      pending = null;
    }
    if (claimed != null) {
      LOG.debug("Leaving claim {} to the next connection", claimed.claim());
    }
  }

  private void refuse(ReasonCode reason) {
    connection.close(reason, "CONNECT refused");
  }

  @Override
  public void handle(Packet packet) {
    throw new PacketException(ReasonCode.PROTOCOL_ERROR, "a packet during CONNECT");
  }

  @Override
  public boolean wantsPause() {
    return true;
  }

  @Override
  public void farewell(ReasonCode reason) {
    connection.output().write(Connack.refused(reason));
  }

  /** The steps under way go on and find the connection closed. */
  @Override
  public void ended(ReasonCode reason) {}
}
