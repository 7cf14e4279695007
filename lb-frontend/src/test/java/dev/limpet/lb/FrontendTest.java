package dev.limpet.lb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

class FrontendTest {

  private static final byte[] CONNECT = Packets.connect311("near");
  private static final byte[] FAR_CONNECT = Packets.connect311("far");
  private static final byte[] WAITING_CONNECT = Packets.connect311("waiting");

  @Test
  void stop_closes_what_is_undecided_or_relayed_and_leaves_the_broker_its_sockets()
      throws IOException {
    try (FrontendFixture fixture = FrontendFixture.start();
        ServerSocket home = fixture.homeOf("far");
        TestClient undecided = fixture.client().send(new byte[] {0x10});
        TestClient local = fixture.client().send(CONNECT);
        TestClient relayed = fixture.client().send(FAR_CONNECT);
        TestClient backend = new TestClient(home.accept())) {
      fixture.homes.put("waiting", new Home.Unavailable("nobody yet"));
      TestClient waiting = fixture.client().send(WAITING_CONNECT);
      local.read(CONNECT.length);
      backend.read(28 + FAR_CONNECT.length);
      await().until(() -> fixture.asked.contains("waiting") && fixture.gauge("handshakes") == 2);
      FrontendFixture.await(fixture.frontend.stop());
      undecided.readToEnd();
      waiting.readToEnd();
      relayed.readToEnd();
      backend.readToEnd();
      assertThat(fixture.rejected(RejectReason.STOPPING)).isEqualTo(2);
      local.send(Packets.PUBLISH);
      assertThat(local.read(Packets.PUBLISH.length)).isEqualTo(Packets.PUBLISH);
    }
  }

  @Test
  void nobody_enters_a_frontend_that_was_stopped() throws IOException {
    try (FrontendFixture fixture = FrontendFixture.start()) {
      FrontendFixture.await(fixture.frontend.stop());
      fixture.client().send(CONNECT).readToEnd();
      assertThat(fixture.handedOver).isEmpty();
    }
  }
}
