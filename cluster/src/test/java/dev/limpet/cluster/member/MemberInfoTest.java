package dev.limpet.cluster.member;

import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.cluster.Address;
import com.hazelcast.cluster.Member;
import dev.limpet.broker.mqtt.NodeId;
import io.vertx.core.net.SocketAddress;
import java.lang.reflect.Proxy;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a node announces is read by its peers as it was meant. */
class MemberInfoTest {
  private static final SocketAddress PEER = SocketAddress.inetSocketAddress(1, "0.0.0.0");

  /** A member with these attributes, at 192.0.2.7. */
  private static Member member(Map<String, String> attributes) {
    return (Member)
        Proxy.newProxyInstance(
            Member.class.getClassLoader(),
            new Class<?>[] {Member.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "getAttribute" -> attributes.get(arguments[0]);
                  case "getAddress" -> address();
                  default -> throw new UnsupportedOperationException(method.toString());
                });
  }

  private static Address address() throws UnknownHostException {
    return new Address("192.0.2.7", 5701);
  }

  /** Issue 7, item 20. The kind: what operators are shown of another node is not what it has. */
  @Test
  void listeners_keep_their_scheme_and_path_and_can_be_reached() {
    List<String> sticky =
        List.of("mqtts://0.0.0.0:8883", "wss://[::]:443/a,b:1", "mqtt://127.0.0.1:1883");
    List<String> direct = List.of("ws://192.0.2.9:80/mqtt");
    MemberInfo told =
        new MemberInfo(new NodeId("a", 7), PEER, PEER, "0.0.0.0:8081", sticky, direct, true);
    MemberInfo heard = MemberInfo.of(member(told.attributes().getAttributes())).orElseThrow();
    assertThat(heard.sticky())
        .containsExactly(
            "mqtts://192.0.2.7:8883", "wss://192.0.2.7:443/a,b:1", "mqtt://127.0.0.1:1883");
    assertThat(heard.direct()).isEqualTo(direct);
    assertThat(heard.http()).isEqualTo("192.0.2.7:8081");
    assertThat(heard.peer()).isEqualTo(SocketAddress.inetSocketAddress(1, "192.0.2.7"));
    assertThat(heard.id()).isEqualTo(told.id());
  }

  @Test
  void a_node_may_have_no_listeners() {
    MemberInfo told =
        new MemberInfo(new NodeId("a", 7), PEER, PEER, "", List.of(), List.of(), false);
    MemberInfo heard = MemberInfo.of(member(told.attributes().getAttributes())).orElseThrow();
    assertThat(heard.sticky()).isEmpty();
    assertThat(heard.direct()).isEmpty();
    assertThat(heard.http()).isEmpty();
  }
}
