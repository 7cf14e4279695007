package dev.limpet.lb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetServerOptions;
import java.io.IOException;
import java.net.ConnectException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class FrontendTest {

  private static final byte[] CONNECT = Packets.connect311("near");
  private static final byte[] FAR_CONNECT = Packets.connect311("far");

  @Test
  void stop_closes_all_sockets_and_the_port() throws IOException {
    FrontendFixture fixture = FrontendFixture.start();
    int port = fixture.frontend.port();
    try (ServerSocket home = fixture.homeOf("far");
        TestClient undecided = fixture.client().send(new byte[] {0x10});
        TestClient local = fixture.client().send(CONNECT);
        TestClient relayed = fixture.client().send(FAR_CONNECT);
        TestClient backend = new TestClient(home.accept())) {
      local.read(CONNECT.length);
      backend.read(28 + FAR_CONNECT.length);
      await().until(() -> fixture.gauge("handshakes") == 1);
      FrontendFixture.await(fixture.frontend.stop());
      undecided.readToEnd();
      local.readToEnd();
      relayed.readToEnd();
      backend.readToEnd();
      assertThat(fixture.rejected(RejectReason.STOPPING)).isOne();
      assertThatThrownBy(() -> TestClient.connect(port)).isInstanceOf(ConnectException.class);
    } finally {
      fixture.close();
    }
  }

  @Test
  void sockets_of_the_broker_may_use_the_grace() throws Exception {
    try (FrontendFixture fixture = FrontendFixture.start()) {
      int port = fixture.frontend.port();
      try (TestClient local = fixture.client().send(CONNECT);
          TestClient undecided = fixture.client()) {
        local.read(CONNECT.length);
        Future<Void> stopped = fixture.frontend.stop(Duration.ofSeconds(60));
        undecided.readToEnd();
        await().until(() -> refuses(port));
        local.send(Packets.PUBLISH);
        assertThat(local.read(Packets.PUBLISH.length)).isEqualTo(Packets.PUBLISH);
        assertThat(stopped.isComplete()).isFalse();
        local.close();
        stopped.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
      }
    }
  }

  @Test
  void a_port_in_use_fails_the_start_and_leaves_nothing() throws IOException {
    try (FrontendFixture first = FrontendFixture.start()) {
      Vertx vertx = Vertx.vertx();
      Frontend second =
          new Frontend(
              vertx,
              FrontendOptions.builder().port(first.frontend.port()).build(),
              id -> new Home.Local(),
              socket -> {},
              new FrontendMetrics(new SimpleMeterRegistry(), "mqtt"));
      assertThatThrownBy(
              () ->
                  second
                      .start()
                      .toCompletionStage()
                      .toCompletableFuture()
                      .get(60, TimeUnit.SECONDS))
          .hasMessageContaining("in use");
      assertThatThrownBy(second::port).isInstanceOf(IllegalStateException.class);
      assertThat(vertx.deploymentIDs()).isEmpty();
      FrontendFixture.await(vertx.close());
    }
  }

  @Test
  void two_frontends_with_port_zero_do_not_share_a_port() {
    try (FrontendFixture fixture = FrontendFixture.start()) {
      Frontend other =
          new Frontend(
              fixture.vertx,
              FrontendOptions.builder().port(0).build(),
              id -> new Home.Local(),
              FrontendFixture::echo,
              new FrontendMetrics(fixture.registry, "other"));
      FrontendFixture.await(other.start());
      assertThat(other.port()).isPositive().isNotEqualTo(fixture.frontend.port());
      FrontendFixture.await(other.stop());
    }
  }

  @Test
  void a_listener_behind_a_balancer_passes_the_real_address_on() throws IOException {
    Vertx vertx = Vertx.vertx();
    try (ServerSocket home = new ServerSocket(0)) {
      home.setSoTimeout(60_000);
      Frontend frontend =
          new Frontend(
                  vertx,
                  FrontendOptions.builder().port(0).build(),
                  id -> FrontendFixture.remote("b", home.getLocalPort()),
                  FrontendFixture::echo,
                  new FrontendMetrics(new SimpleMeterRegistry(), "mqtt"))
              .customizeServer(FrontendTest::withProxyProtocol);
      FrontendFixture.await(frontend.start());
      byte[] header =
          Packets.hex("0d0a0d0a000d0a515549540a 21 11 000c c0000207 c6336401 9c40 075b");
      try (TestClient balancer = TestClient.connect(frontend.port()).send(header, FAR_CONNECT);
          TestClient backend = new TestClient(home.accept())) {
        assertThat(backend.read(header.length)).isEqualTo(header);
        assertThat(backend.read(FAR_CONNECT.length)).isEqualTo(FAR_CONNECT);
        balancer.close();
      }
      FrontendFixture.await(frontend.stop());
    }
    FrontendFixture.await(vertx.close());
  }

  private static NetServerOptions withProxyProtocol(NetServerOptions options) {
    return options.setUseProxyProtocol(true);
  }

  private static boolean refuses(int port) throws IOException {
    try (TestClient client = TestClient.connect(port)) {
      return false;
    } catch (ConnectException e) {
      return true;
    }
  }
}
