package dev.limpet.broker.connection.connect;

import dev.limpet.broker.connection.MqttConnection;
import dev.limpet.broker.connection.PacketHandler;
import dev.limpet.broker.connection.attachment.AccessChanges;
import dev.limpet.broker.connection.attachment.Attachment;
import dev.limpet.broker.connection.attachment.ConnectionPorts;
import dev.limpet.broker.connection.attachment.SessionRelease;
import dev.limpet.broker.connection.attachment.Succession;
import dev.limpet.broker.connection.attachment.Wills;
import dev.limpet.broker.connection.codec.Packet;
import dev.limpet.broker.connection.codec.wire.PacketException;
import dev.limpet.broker.connection.connected.Connected;
import dev.limpet.broker.connection.connected.EnhancedExchange;
import dev.limpet.broker.io.Lane;
import dev.limpet.broker.metrics.Limit;
import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.ConnectRequest;
import dev.limpet.broker.mqtt.ReasonCode;
import dev.limpet.broker.mqtt.Subscription;
import dev.limpet.broker.mqtt.Will;
import dev.limpet.broker.spi.Authentication;
import dev.limpet.broker.spi.AuthenticationExchange;
import dev.limpet.broker.spi.ClientIdentity;
import dev.limpet.broker.spi.Decision;
import dev.limpet.broker.spi.Stages;
import dev.limpet.broker.spi.cluster.Claimed;
import dev.limpet.broker.spi.store.StoredSession;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Leads from CONNECT to CONNACK: authenticates, claims, evicts the previous connection, opens the
 * session, advertises its routes, answers. Later packets wait in the socket meanwhile.
 *
 * <p>Confined to its lane; every step comes back to it.
 */
final class ConnectFlow implements PacketHandler {
  /** Counted from the socket's opening; then the client is refused and may retry. */
  private static final int CONNECT_TIMEOUTS_MAX = 3;

  private static final StoredSession NOTHING_STORED =
      new StoredSession(false, List.of(), List.of(), Map.of(), 0);

  private final MqttConnection connection;
  private final ConnectionPorts ports;
  private final ConnectRequest request;
  private final ClientIds clientIds;
  private final ConnectAccess access;
  private final ConnectAnswer connack;
  private final ConnectPause pause;
  private final ConnectHoldings holdings;
  private final Succession succession;
  private final AccessChanges.Revision asked;
  private @Nullable Buffer lastAuthenticationData;
  private Lane.@Nullable Timer deadline;
  private boolean gaveUp;

  ConnectFlow(MqttConnection connection, ConnectionPorts ports, ConnectRequest request) {
    this.connection = connection;
    this.ports = ports;
    this.request = request;
    this.clientIds = new ClientIds(ports.membership());
    this.access = new ConnectAccess(ports, connection, request);
    this.connack = new ConnectAnswer(ports.options(), request);
    this.pause = new ConnectPause(connection, ports, request);
    this.holdings = new ConnectHoldings(ports.attachments(), ports.directory(), request);
    this.succession = new Succession(ports, request, connection.connectTimeoutMillis());
    this.asked = ports.attachments().changes().now();
  }

  void begin() {
    if (ports.admission().isRefusing()) {
      ports.metrics().refused(Limit.MEMORY_CEILING);
      refuse(ReasonCode.SERVER_BUSY);
      return;
    }
    if (!ports.membership().isServing()) {
      refuse(ReasonCode.SERVER_UNAVAILABLE);
      return;
    }
    connection.deadline().whenSlow(this::slow);
    if (request.clientId().isEmpty() && !clientIds.mayAssign(request)) {
      refuse(ReasonCode.CLIENT_IDENTIFIER_NOT_VALID); // [MQTT-3.1.3-8]
      return;
    }
    if (request.credentials().authenticationMethod() != null) {
      authenticate(request.credentials().authenticationMethod());
      return;
    }
    step(access.authenticate(), ReasonCode.SERVER_UNAVAILABLE, this::authenticated);
  }

  /** The CONNECT timeout is over: a timer only for the few that come here. */
  private void slow() {
    long leftMillis = (CONNECT_TIMEOUTS_MAX - 1L) * connection.connectTimeoutMillis();
    deadline = connection.lane().schedule(this::tooLate, leftMillis);
  }

  /** Stops waiting for the current step; releases a claim that arrives late. */
  private void tooLate() {
    if (!connection.isClosed() && connection.isAt(this)) {
      connection.caller().because("a step of CONNECT got no answer in time");
      gaveUp = true;
      holdings.leave();
      refuse(ReasonCode.SERVER_UNAVAILABLE);
    }
  }

  private void stopDeadline() {
    connection.deadline().whenSlow(null);
    if (deadline != null) {
      deadline.cancel();
      deadline = null;
    }
  }

  /** Hands over to AUTH packets, and comes back with their result. */
  private void authenticate(String method) {
    AuthenticationExchange begun =
        connection.caller().enhanced().begin(method, connection.caller().origin());
    if (begun == null) {
      refuse(ReasonCode.BAD_AUTHENTICATION_METHOD); // [MQTT-4.12.0-1]
      return;
    }
    EnhancedExchange exchange =
        new EnhancedExchange(
            connection,
            begun,
            method,
            (result, data) -> {
              connection.become(this);
              lastAuthenticationData = data;
              authenticated(result);
            });
    EnhancedConnect stage = new EnhancedConnect(connection, exchange);
    connection.become(stage);
    stage.limitTime();
    exchange.next(request.credentials().authenticationData());
  }

  private void authenticated(Authentication answer) {
    if (connection.isClosed()) {
      return; // one that has given up takes nothing over
    }
    if (answer.decision() != Decision.ALLOW) {
      refuse(answer.reason());
      return;
    }
    ClientId clientId =
        request.clientId().isEmpty() ? clientIds.assign() : ClientId.of(request.clientId());
    ClientIdentity identity =
        new ClientIdentity(clientId, answer.userName(), connection.caller().address());
    connection.caller().is(identity);
    Will will = Wills.of(request);
    if (will == null) {
      pause.before(identity, () -> claim(identity, null));
    } else {
      step(
          access.mayPublish(identity, will),
          ReasonCode.UNSPECIFIED_ERROR,
          allowed -> claimUnlessRefused(identity, will, allowed));
    }
  }

  private void claimUnlessRefused(ClientIdentity identity, Will will, boolean allowed) {
    if (!allowed) {
      connection.close(ReasonCode.NOT_AUTHORIZED, "its will may not be published");
    } else if (!connection.isClosed()) {
      pause.before(identity, () -> claim(identity, will));
    }
  }

  private void claim(ClientIdentity identity, @Nullable Will will) {
    holdings.announce(identity.clientId());
    step(
        ports
            .directory()
            .claim(identity.clientId(), will, identity.address())
            .whenComplete((answer, failure) -> holdings.unclaimedIf(failure != null)),
        ReasonCode.SERVER_UNAVAILABLE,
        answer -> claimed(answer, identity));
  }

  private void claimed(Claimed answer, ClientIdentity identity) {
    holdings.claimed(answer);
    CompletionStage<Void> settled = succession.settle(answer);
    if (isOneTooMany(answer)) {
      ports.metrics().refused(Limit.SESSIONS_MAX);
      holdings.leave();
      refuse(ReasonCode.QUOTA_EXCEEDED);
    } else if (answer.previous() == null) {
      open(answer, identity);
    } else {
      step(settled, ReasonCode.SERVER_UNAVAILABLE, nothing -> open(answer, identity));
    }
  }

  /** Clients with a stored session, and clients without one to store, are always admitted. */
  private boolean isOneTooMany(Claimed answer) {
    return request.session().expirySeconds() > 0
        && !answer.known()
        && answer.previous() == null
        && !ports.admission().hasRoomForSession();
  }

  private void open(Claimed answer, ClientIdentity identity) {
    boolean transientAndNew = request.session().expirySeconds() == 0 && !answer.known();
    if (transientAndNew) {
      route(answer, identity, NOTHING_STORED); // nothing can be stored: no need to ask
      return;
    }
    holdings.mayBeStored();
    step(
        beforeCleanStart(answer)
            .thenCompose(
                left ->
                    ports
                        .sessions()
                        .open(
                            answer.claim(),
                            request.session().cleanStart(),
                            request.session().expirySeconds()))
            .thenCompose(stored -> access.recheck(identity, answer.claim(), stored)),
        ReasonCode.SERVER_UNAVAILABLE,
        stored -> route(answer, identity, stored));
  }

  /** Hands the share group deliveries of a session that a clean start ends to other members. */
  private CompletionStage<Void> beforeCleanStart(Claimed answer) {
    return request.session().cleanStart() && answer.known()
        ? ports
            .leftShares()
            .handOn(answer.claim(), id -> ports.homes().index(id, connection.lane()))
        : CompletableFuture.completedFuture(null);
  }

  /** Advertises the live routes of a resumed session before the client gets its CONNACK. */
  private void route(Claimed answer, ClientIdentity identity, StoredSession stored) {
    AttachmentMaker maker = new AttachmentMaker(connection, ports, request);
    Attachment made = maker.make(answer.claim(), identity, stored);
    holdings.made(made);
    List<CompletionStage<Void>> routed = new ArrayList<>();
    for (Subscription subscription : stored.subscriptions()) {
      routed.add(ports.localSubscriptions().add(made, subscription));
    }
    if (made.isDurable() || answer.known()) {
      routed.add(ports.homes().index(identity.clientId(), connection.lane()));
    }
    if (routed.isEmpty()) {
      attach(made, stored);
    } else {
      step(Stages.all(routed), ReasonCode.SERVER_UNAVAILABLE, nothing -> attach(made, stored));
    }
  }

  private void attach(Attachment made, StoredSession stored) {
    if (!holdings.attach(made)) {
      supersede(made, stored);
      return;
    }
    if (connection.isClosed()) {
      holdings.leave();
      return;
    }
    if (!ports.membership().isServing()) { // since it came
      made.sessionRelease().abandon();
      holdings.leave();
      refuse(ReasonCode.SERVER_UNAVAILABLE);
      return;
    }
    if (asked.isRevokedSince(made)) {
      holdings.leave();
      refuse(ReasonCode.NOT_AUTHORIZED);
      return;
    }
    if (!connection.output().write(connack.to(made, stored, lastAuthenticationData))) {
      holdings.leave(); // its Maximum Packet Size leaves no room even for this
      connection.closeQuietly();
      return;
    }
    stopDeadline();
    connection.become(new Connected(connection, ports, made, request));
    connection.watch(connack.keepAliveSeconds());
    made.sessionRelease().letIn(made);
    connection.caller().letIn(request, made.isDurable());
    if (asked.isPast()) {
      made.recheck();
    }
    if (made.reader() != null) {
      made.reader().start(stored);
    }
    connection.resume();
  }

  /** A newer connection claimed the id meanwhile: this one is told as if it had been admitted. */
  private void supersede(Attachment made, StoredSession stored) {
    made.sessionRelease().superseded();
    made.sessionRelease().begin(made, ReasonCode.SESSION_TAKEN_OVER);
    if (request.version().isV5()) {
      connection
          .output()
          .write(
              connack.to(
                  made, stored, lastAuthenticationData)); // before DISCONNECT [MQTT-3.14.0-1]
      connection.output().disconnect(ReasonCode.SESSION_TAKEN_OVER, "a newer connection took over");
    }
    connection.closeQuietly();
  }

  /**
   * Goes on with a step's result on the lane, or ends the flow when it failed.
   *
   * @param otherwise the reason code for the client then
   */
  private <T> void step(CompletionStage<T> stage, ReasonCode otherwise, Consumer<T> next) {
    var unused =
        stage.whenCompleteAsync(
            (result, failure) -> {
              if (gaveUp) {
                if (result instanceof Claimed late) {
                  giveBack(late);
                }
                return;
              }
              if (failure != null) {
                failed(failure, otherwise);
                return;
              }
              try {
                next.accept(result);
              } catch (RuntimeException | LinkageError | StackOverflowError e) {
                failed(e, ReasonCode.UNSPECIFIED_ERROR);
              }
            },
            connection.lane().soonest());
  }

  /** A claim that came too late has outdone the connection before all the same. */
  private void giveBack(Claimed late) {
    holdings.claimed(late);
    var unused = succession.settle(late).thenAccept(settled -> holdings.release(late));
  }

  private void failed(Throwable failure, ReasonCode reason) {
    holdings.leave();
    if (SessionRelease.isFenced(failure)) {
      refuse(ReasonCode.SERVER_BUSY); // overtaken by a newer connect of the same id
      return;
    }
    connection.caller().because(failure.toString());
    refuse(reason);
  }

  private void refuse(ReasonCode reason) {
    connection.close(reason, reason.words());
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
  public void farewell(ReasonCode reason, String why) {
    connection.output().refuse(reason, why);
  }

  /** Steps in progress continue and find the connection closed. */
  @Override
  public void ended(ReasonCode reason) {
    pause.end();
    stopDeadline();
  }
}
