package dev.limpet.cluster.peer;

import dev.limpet.broker.mqtt.BinaryReader;
import dev.limpet.broker.mqtt.BinaryWriter;
import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.NodeId;
import dev.limpet.broker.mqtt.Publication;
import dev.limpet.broker.mqtt.PublicationFormat;
import dev.limpet.broker.spi.Claim;
import dev.limpet.broker.spi.cluster.ClientView;
import dev.limpet.broker.spi.cluster.ClusterListener;
import dev.limpet.broker.spi.cluster.Ending;
import dev.limpet.broker.spi.cluster.Holding;
import dev.limpet.broker.spi.cluster.Membership;
import dev.limpet.broker.spi.cluster.NotHomeException;
import dev.limpet.broker.spi.cluster.PeerLink;
import dev.limpet.broker.spi.cluster.ReplayStep;
import dev.limpet.broker.topic.SharedFilter;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Turns the broker's calls to peers into frames, and the frames of peers into calls of the broker's
 * {@link ClusterListener}. Thread-safe.
 */
public final class NetPeerLink implements PeerLink {

  private static final CompletionStage<Buffer> DONE =
      CompletableFuture.completedStage(PeerFrame.EMPTY);

  private final PeerTransport transport;
  private final EncodedPublications encoded = new EncodedPublications();

  public NetPeerLink(PeerTransport transport) {
    this.transport = transport;
  }

  /** Admits peers and handles their frames from now on. */
  public void open(Membership membership, ClusterListener listener) {
    transport.handle(
        FrameKind.DELIVER,
        (from, body) -> {
          List<SharedFilter> groups = LinkFormat.readGroups(body);
          listener.onDeliver(PublicationFormat.readPublication(body), groups);
          return DONE;
        });
    transport.handle(
        FrameKind.APPEND,
        (from, body) -> {
          List<SharedFilter> groups = LinkFormat.readGroups(body);
          return done(listener.onAppend(PublicationFormat.readPublication(body), groups));
        });
    transport.handle(
        FrameKind.HAND_ON,
        (from, body) -> {
          boolean durable = body.flag();
          SharedFilter group = SharedFilter.parse(body.string());
          return done(listener.onHandOn(PublicationFormat.readPublication(body), group, durable));
        });
    transport.handle(
        FrameKind.EVICT,
        (from, body) -> listener.onEvict(LinkFormat.readClaim(body)).thenApply(LinkFormat::ending));
    transport.handle(
        FrameKind.DELIVER_AGAIN,
        (from, body) ->
            listener
                .onDeliverAgain(PublicationFormat.readPublication(body))
                .thenApply(LinkFormat::groups));
    transport.handle(
        FrameKind.SETTLE, (from, body) -> listener.onSettle().thenApply(LinkFormat::number));
    transport.handle(
        FrameKind.REPLAY,
        (from, body) -> done(listener.onReplay(from, ReplayStepFormat.read(body))));
    transport.handle(
        FrameKind.WAKE,
        (from, body) -> {
          listener.onWake(LinkFormat.readClaim(body), body.varint());
          return DONE;
        });
    transport.handle(FrameKind.INDEX, (from, body) -> index(membership, listener, body));
    transport.handle(
        FrameKind.INSPECT,
        (from, body) ->
            CompletableFuture.completedStage(
                LinkFormat.view(listener.onInspect(ClientId.of(body.string())))));
    transport.handle(
        FrameKind.HOLDINGS,
        (from, body) ->
            CompletableFuture.completedStage(
                LinkFormat.holdings(listener.onHoldings(LinkFormat.readClaims(body)))));
    transport.open(membership);
  }

  private static CompletionStage<Buffer> index(
      Membership membership, ClusterListener listener, BinaryReader body) {
    ClientId clientId = ClientId.of(body.string());
    return membership.homeOf(clientId).equals(membership.self())
        ? done(listener.onIndex(List.of(clientId)))
        : CompletableFuture.failedStage(new NotHomeException(clientId));
  }

  private static CompletionStage<Buffer> done(CompletionStage<Void> stage) {
    return stage.thenApply(ignored -> PeerFrame.EMPTY);
  }

  @Override
  public void deliver(NodeId peer, Publication publication, List<SharedFilter> groups) {
    transport.deliver(
        peer,
        publication.qos().isAcknowledged(),
        FrameKind.DELIVER,
        LinkFormat.groups(groups),
        encoded.encode(publication));
  }

  @Override
  public CompletionStage<Void> append(
      NodeId home, Publication publication, List<SharedFilter> groups) {
    return transport
        .ask(home, FrameKind.APPEND, LinkFormat.groups(groups), encoded.encode(publication))
        .thenApply(answer -> null);
  }

  @Override
  public CompletionStage<Void> handOn(
      NodeId peer, Publication publication, SharedFilter group, boolean durable) {
    Buffer head = new BinaryWriter(Buffer.buffer()).flag(durable).string(group.toString()).buffer();
    return transport
        .ask(peer, FrameKind.HAND_ON, head, encoded.encode(publication))
        .thenApply(answer -> null);
  }

  @Override
  public CompletionStage<Ending> evict(Claim old) {
    BinaryWriter body = new BinaryWriter(Buffer.buffer());
    LinkFormat.write(old, body);
    return transport
        .ask(old.host(), FrameKind.EVICT, body.buffer())
        .thenApply(answer -> LinkFormat.readEnding(new BinaryReader(answer)));
  }

  @Override
  public CompletionStage<Set<SharedFilter>> deliverAgain(NodeId peer, Publication publication) {
    return transport
        .ask(peer, FrameKind.DELIVER_AGAIN, encoded.encode(publication))
        .thenApply(answer -> Set.copyOf(LinkFormat.readGroups(new BinaryReader(answer))));
  }

  @Override
  public CompletionStage<Long> settle(NodeId peer) {
    return transport
        .ask(peer, FrameKind.SETTLE, PeerFrame.EMPTY)
        .thenApply(answer -> new BinaryReader(answer).varint());
  }

  @Override
  public CompletionStage<Void> replay(NodeId home, ReplayStep step) {
    Buffer body = ReplayStepFormat.write(step);
    return transport.ask(home, FrameKind.REPLAY, body).thenApply(answer -> null);
  }

  @Override
  public void wake(Claim reader, long sequence) {
    BinaryWriter body = new BinaryWriter(Buffer.buffer());
    LinkFormat.write(reader, body);
    body.varint(sequence);
    transport.deliver(reader.host(), true, FrameKind.WAKE, body.buffer(), PeerFrame.EMPTY);
  }

  @Override
  public CompletionStage<Void> index(NodeId home, ClientId clientId) {
    Buffer body = new BinaryWriter(Buffer.buffer()).string(clientId.value()).buffer();
    return transport.ask(home, FrameKind.INDEX, body).thenApply(answer -> null);
  }

  @Override
  public CompletionStage<List<Holding>> holdings(NodeId host, List<Claim> claims) {
    return transport
        .ask(host, FrameKind.HOLDINGS, LinkFormat.claims(claims))
        .thenApply(answer -> LinkFormat.readHoldings(new BinaryReader(answer)));
  }

  @Override
  public CompletionStage<Optional<ClientView>> inspect(NodeId host, ClientId clientId) {
    Buffer body = new BinaryWriter(Buffer.buffer()).string(clientId.value()).buffer();
    return transport
        .ask(host, FrameKind.INSPECT, body)
        .thenApply(answer -> LinkFormat.readView(new BinaryReader(answer)));
  }
}
