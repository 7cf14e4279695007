package dev.limpet.cluster.status;

import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.NodeId;
import dev.limpet.broker.spi.Stages;
import dev.limpet.broker.spi.cluster.ClaimView;
import dev.limpet.cluster.directory.ClaimPages;
import dev.limpet.cluster.http.ClientDetail;
import dev.limpet.cluster.http.ClientPage;
import dev.limpet.cluster.http.NodeStatus;
import dev.limpet.cluster.http.NodeView;
import dev.limpet.cluster.http.Readiness;
import dev.limpet.cluster.member.HazelcastMembership;
import dev.limpet.cluster.member.MemberInfo;
import io.vertx.core.Vertx;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Shows the cluster as one of its nodes sees it. Before the node has joined it only knows its own
 * readiness. Thread-safe: the joined cluster is one volatile value.
 */
public final class ClusterView implements NodeView {

  private final Vertx vertx;
  private final Supplier<Readiness> readiness;
  private volatile @Nullable Sources joined;

  /**
   * Groups the sources of answers once the node has joined. Immutable.
   *
   * @param board the statuses of all nodes
   * @param clients looks one client up
   * @param pages lists clients
   */
  public record Sources(
      HazelcastMembership membership, StatusBoard board, ClientLookup clients, ClaimPages pages) {}

  /**
   * @param vertx lends its workers to blocking calls
   * @param readiness of this node
   */
  public ClusterView(Vertx vertx, Supplier<Readiness> readiness) {
    this.vertx = vertx;
    this.readiness = readiness;
  }

  /** From now on there is a cluster to ask; null once the node has left it. */
  public void joined(@Nullable Sources cluster) {
    joined = cluster;
  }

  @Override
  public Readiness readiness() {
    return readiness.get();
  }

  @Override
  public CompletionStage<List<NodeStatus>> nodes() {
    Sources cluster = joined;
    if (cluster == null) {
      return outside();
    }
    Collection<MemberInfo> members = cluster.membership.infos();
    return cluster
        .board
        .read(members.stream().map(MemberInfo::id).toList())
        .thenApply(records -> nodes(cluster, members, records));
  }

  private static List<NodeStatus> nodes(
      Sources cluster, Collection<MemberInfo> members, Map<NodeId, StatusRecord> records) {
    return members.stream()
        .sorted(Comparator.comparing(MemberInfo::id))
        .map(
            member -> node(cluster, member, records.getOrDefault(member.id(), StatusRecord.SILENT)))
        .toList();
  }

  private static NodeStatus node(Sources cluster, MemberInfo member, StatusRecord record) {
    return new NodeStatus(
        member.id().name(),
        record.state(),
        member.http().isEmpty() ? "" : "http://" + member.http(),
        Stream.concat(
                member.sticky().stream().map(at -> at + "?mode=sticky"),
                member.direct().stream().map(at -> at + "?mode=direct"))
            .toList(),
        record.connections(),
        record.sessions(),
        cluster.membership.partitions().ownedBy(member.id()).cardinality());
  }

  @Override
  public CompletionStage<ClientPage> clients(int page, int size) {
    Sources cluster = joined;
    if (cluster == null) {
      return outside();
    }
    return vertx
        .executeBlocking(() -> cluster.pages.page(page, size), false)
        .toCompletionStage()
        .thenCompose(ids -> entries(cluster, ids))
        .thenCompose(
            entries ->
                vertx
                    .executeBlocking(cluster.pages::count, false)
                    .toCompletionStage()
                    .thenApply(total -> new ClientPage(page, size, total, entries)));
  }

  private static CompletionStage<List<ClientPage.Entry>> entries(
      Sources cluster, List<ClientId> ids) {
    List<CompletableFuture<Optional<ClientPage.Entry>>> entries =
        ids.stream().map(id -> entry(cluster, id).toCompletableFuture()).toList();
    return Stages.all(entries)
        .thenApply(done -> entries.stream().flatMap(entry -> entry.join().stream()).toList());
  }

  /** Empty when the client has gone for good meanwhile. */
  private static CompletionStage<Optional<ClientPage.Entry>> entry(Sources cluster, ClientId id) {
    String home = cluster.membership.homeOf(id).name();
    return cluster
        .clients
        .directory()
        .find(id)
        .thenApply(found -> found.map(claim -> entry(cluster, id, home, claim)));
  }

  private static ClientPage.Entry entry(
      Sources cluster, ClientId id, String home, ClaimView claim) {
    boolean connected = claim.connected() && cluster.membership.isLive(claim.claim().host());
    return new ClientPage.Entry(
        id.value(), home, connected ? claim.claim().host().name() : null, claim.claim().epoch());
  }

  @Override
  public CompletionStage<Optional<ClientDetail>> client(ClientId clientId) {
    Sources cluster = joined;
    return cluster == null ? outside() : cluster.clients.find(clientId);
  }

  @Override
  public Optional<String> homeOf(ClientId clientId) {
    return Optional.ofNullable(joined).map(each -> each.membership.homeOf(clientId).name());
  }

  private static <T> CompletionStage<T> outside() {
    return CompletableFuture.failedFuture(
        new IllegalStateException("this node is not in the cluster"));
  }
}
