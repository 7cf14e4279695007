package dev.limpet.examples.docker;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.images.builder.ImageFromDockerfile;
import org.testcontainers.lifecycle.Startables;

/**
 * Three nodes from the project's image, started as {@code compose.yaml} says. Confined to a test;
 * ends the nodes when closed, and leaves their logs in {@code target/containers}.
 */
final class ContainerCluster implements AutoCloseable {

  private static final String BASE_IMAGE = "LIMPET_BASE_IMAGE";
  private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
  private static final String JAR = "cluster/target/limpet.jar";
  private static final Path COMPOSE = ROOT.resolve("examples/docker/compose.yaml");
  private static final Path LOGS = ROOT.resolve("examples/target/containers");
  private static final Duration READY_MAX = Duration.ofSeconds(60);

  private final PeerNetwork peers;
  private final ImageFromDockerfile image;
  private final List<NodeContainer> nodes = new ArrayList<>();

  private ContainerCluster(PeerNetwork peers, ImageFromDockerfile image) {
    this.peers = peers;
    this.image = image;
  }

  /** Skips the test, saying why, where containers of ours cannot be made. */
  static void assumePossible() {
    assumeTrue(
        System.getenv(BASE_IMAGE) != null,
        BASE_IMAGE + " does not name an image with bash and a Java runtime, as .ci/run makes one");
    assumeTrue(Files.exists(ROOT.resolve(JAR)), JAR + " is not there: mvn package makes it");
    assumeTrue(DockerClientFactory.instance().isDockerAvailable(), "no Docker engine answers here");
  }

  /** Starts a, b and c, and waits until each is ready and sees the others. */
  static ContainerCluster start() throws IOException {
    ImageFromDockerfile image =
        new ImageFromDockerfile()
            .withFileFromPath("Dockerfile", ROOT.resolve("examples/docker/Dockerfile"))
            .withFileFromPath(JAR, ROOT.resolve(JAR))
            .withBuildArg("BASE_IMAGE", System.getenv(BASE_IMAGE));
    ContainerCluster cluster = new ContainerCluster(PeerNetwork.create(), image);
    try {
      cluster.startNodes(composeCommand());
      return cluster;
    } catch (RuntimeException | Error e) {
      try {
        cluster.close();
      } catch (RuntimeException | IOException more) {
        e.addSuppressed(more);
      }
      throw e;
    }
  }

  private void startNodes(List<String> command) {
    int host = 10;
    for (String name : List.of("a", "b", "c")) {
      NodeContainer.Place place =
          new NodeContainer.Place(name, peers.network(), peers.address(host++));
      nodes.add(new NodeContainer(image, command, place));
    }
    Startables.deepStart(nodes).join();
    awaitNodes(nodes.size(), nodes);
  }

  /** The lines of the list below {@code command:}; they are the same for each node. */
  private static List<String> composeCommand() throws IOException {
    return Files.readAllLines(COMPOSE).stream()
        .map(String::strip)
        .dropWhile(line -> !line.startsWith("command:"))
        .skip(1)
        .takeWhile(line -> line.startsWith("- "))
        .map(line -> line.substring(2))
        .toList();
  }

  List<NodeContainer> nodes() {
    return nodes;
  }

  /** Waits until each of some nodes is ready in a cluster of so many. */
  static void awaitNodes(int members, List<NodeContainer> those) {
    for (NodeContainer node : those) {
      await("ready among " + members + ": " + node.name())
          .atMost(READY_MAX)
          .ignoreExceptions()
          .until(() -> node.isReadyAmong(members));
    }
  }

  @Override
  public void close() throws IOException {
    Files.createDirectories(LOGS);
    for (NodeContainer node : nodes) {
      if (node.getContainerId() != null) {
        Files.writeString(LOGS.resolve(node.name() + ".log"), node.getLogs());
      }
      node.stop();
    }
    peers.close();
    removeImage();
  }

  /** Testcontainers leaves that to its reaper, which does not run everywhere. */
  private void removeImage() {
    DockerClientFactory.instance()
        .client()
        .removeImageCmd(image.getDockerImageName())
        .withForce(true)
        .exec();
  }
}
