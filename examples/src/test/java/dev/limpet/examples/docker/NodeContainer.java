package dev.limpet.examples.docker;

import com.github.dockerjava.api.model.ContainerNetwork;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.wait.strategy.Wait;

/**
 * One node as {@code compose.yaml} starts it. Clients reach it over the engine's default network,
 * its peers over another one, so that it can be cut off from them and keep its clients. Confined to
 * a test.
 */
final class NodeContainer extends GenericContainer<NodeContainer> {

  private static final int STICKY_PORT = 1883;
  private static final int DIRECT_PORT = 1893;
  private static final int HTTP_PORT = 8080;
  private static final Duration START_MAX = Duration.ofMinutes(2);
  private static final Duration ANSWER_MAX = Duration.ofSeconds(15);
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final Place place;

  /**
   * Where a node is among its peers. Immutable.
   *
   * @param name of the node
   * @param peers the network between the nodes
   * @param address of the node in it, which it keeps
   */
  record Place(String name, Network peers, String address) {}

  /**
   * @param image is built when it is first needed
   * @param command what the image's program is told
   */
  NodeContainer(Future<String> image, List<String> command, Place place) {
    super(image);
    this.place = place;
    withEnv("LIMPET_NAME", place.name());
    withEnv("LIMPET_SPLIT", "available"); // so that clients meet on both sides of a cut
    withCommand(command.toArray(String[]::new));
    withExposedPorts(STICKY_PORT, DIRECT_PORT, HTTP_PORT);
    // The image's own HEALTHCHECK.
    waitingFor(Wait.forHealthcheck().withStartupTimeout(START_MAX));
  }

  /** Before the program runs, so that it finds both networks. */
  @Override
  protected void containerIsCreated(String containerId) {
    connect(containerId);
  }

  String name() {
    return place.name();
  }

  /** The port that sends clients home. */
  InetSocketAddress sticky() {
    return new InetSocketAddress(getHost(), getMappedPort(STICKY_PORT));
  }

  /** The port that serves clients where they land. */
  InetSocketAddress direct() {
    return new InetSocketAddress(getHost(), getMappedPort(DIRECT_PORT));
  }

  /** Pulls the cable to the other nodes. */
  void cutOff() {
    getDockerClient()
        .disconnectFromNetworkCmd()
        .withContainerId(getContainerId())
        .withNetworkId(place.peers().getId())
        .exec();
  }

  /** Puts the cable back in. */
  void bringBack() {
    connect(getContainerId());
  }

  private void connect(String containerId) {
    getDockerClient()
        .connectToNetworkCmd()
        .withContainerId(containerId)
        .withNetworkId(place.peers().getId())
        .withContainerNetwork(
            new ContainerNetwork()
                .withAliases("limpet-" + place.name())
                .withIpamConfig(new ContainerNetwork.Ipam().withIpv4Address(place.address())))
        .exec();
  }

  /** Whether the node calls itself ready and sees that many nodes, itself included. */
  boolean isReadyAmong(int nodes) {
    return get("/health/ready").statusCode() == 200
        && json("/api/v1/nodes").getJsonArray("nodes", new JsonArray()).size() == nodes;
  }

  /** What the node says at a path of its HTTP interface. */
  JsonObject json(String path) {
    return new JsonObject(get(path).body());
  }

  private HttpResponse<String> get(String path) {
    URI uri = URI.create("http://" + getHost() + ":" + getMappedPort(HTTP_PORT) + path);
    try {
      return HTTP.send(
          HttpRequest.newBuilder(uri).timeout(ANSWER_MAX).build(),
          HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  // A container is the same only as itself; the base class compares by settings.
  @Override
  public boolean equals(Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(this);
  }
}
