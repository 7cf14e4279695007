package dev.limpet.cluster.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.limpet.broker.BrokerOptions;
import dev.limpet.broker.access.AccessFile;
import dev.limpet.cluster.view.SplitMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a node is told, from every source. */
class NodeOptionsTest {

  @TempDir private Path dir;

  @Test
  void a_node_that_nobody_says_anything_about_stays_on_loopback() {
    NodeOptions options = NodeOptions.defaults();
    assertThat(options.bind()).isEqualTo("127.0.0.1");
    assertThat(options.listeners())
        .containsExactly(new ListenerUri("127.0.0.1", 1883, ListenerMode.STICKY));
    assertThat(options.httpPort()).isEqualTo(8081);
    assertThat(options.cluster())
        .isEqualTo(
            new NodeOptions.ClusterOptions(
                "limpet", 5701, List.of(), SplitMode.CONSISTENT, 5_000, false));
    assertThat(options.access().allowAnonymous()).isFalse();
    assertThat(options.log().dataDir()).isEmpty();
    assertThat(options.serving().broker()).isEqualTo(BrokerOptions.DEFAULTS);
  }

  @Test
  void the_command_line_of_the_manual_is_understood() {
    NodeOptions options =
        flags(
            "name=a",
            "mqtt=1883",
            "direct=1893",
            "http=8081",
            "cluster=5701",
            "join=127.0.0.1:5701,127.0.0.1:5702,[::1]:5703");
    assertThat(options.name()).isEqualTo("a");
    assertThat(options.listeners())
        .hasToString("[mqtt://127.0.0.1:1883?mode=sticky, mqtt://127.0.0.1:1893?mode=direct]");
    assertThat(options.cluster().join())
        .containsExactly(
            new NetworkAddress("127.0.0.1", 5701),
            new NetworkAddress("127.0.0.1", 5702),
            new NetworkAddress("::1", 5703));
  }

  @Test
  void a_listener_replaces_the_usual_port_but_not_one_that_was_asked_for() {
    assertThat(flags("listener=mqtt://127.0.0.1:2000?mode=direct").listeners())
        .hasToString("[mqtt://127.0.0.1:2000?mode=direct]");
    assertThat(flags("mqtt=1883", "listener=mqtt://[::1]:2000").listeners())
        .hasToString("[mqtt://127.0.0.1:1883?mode=sticky, mqtt://[::1]:2000?mode=sticky]");
  }

  @Test
  void flags_win_over_the_environment_and_that_over_the_file() throws IOException {
    Path file = yaml("name: from-file", "http: 3", "cluster: 4");
    Settings settings =
        Settings.merge(
            List.of(
                settings("name=from-flag"),
                Settings.ofEnvironment(Map.of("LIMPET_NAME", "from-env", "LIMPET_HTTP", "5")),
                YamlFile.read(file)));
    NodeOptions options = NodeOptions.of(settings);
    assertThat(options.name()).isEqualTo("from-flag");
    assertThat(options.httpPort()).isEqualTo(5);
    assertThat(options.cluster().port()).isEqualTo(4);
  }

  @Test
  void a_witness_has_no_listener() {
    assertThat(flags("witness=true").listeners()).isEmpty();
    assertThatThrownBy(() -> flags("witness=true", "direct=1883"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("--witness is true, and a witness serves no clients: remove --mqtt");
  }

  @ParameterizedTest
  @EnumSource(OptionKey.class)
  void every_option_can_be_said_in_all_three_ways(OptionKey key) throws IOException {
    String value = exampleOf(key);
    NodeOptions byFlag = flags(key.key() + "=" + value);
    assertThat(byFlag).isNotEqualTo(NodeOptions.defaults());
    assertThat(NodeOptions.of(merged(Settings.ofEnvironment(Map.of(key.variable(), value)))))
        .isEqualTo(byFlag);
    assertThat(NodeOptions.of(merged(YamlFile.read(yaml(key.key() + ": \"" + value + "\"")))))
        .isEqualTo(byFlag);
    assertThat(key.documentation()).contains("Default: ").doesNotContain("null");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          mqtt=99999            | --mqtt is '99999': write a number from 0 to 65535
          mqtt=x                | --mqtt is 'x': write a number from 0 to 65535
          cluster=0             | --cluster is '0': write a number from 1 to 65535
          name=a b              | --name is 'a b': write 1 to 64 letters, digits
          allow-anonymous=maybe | --allow-anonymous is 'maybe': write true or false
          receive-maximum=65536 | --receive-maximum is '65536': write a number from 1 to 65535
          inbox-messages-max=-1 | --inbox-messages-max is '-1': write a number from 1 to 60000
          client-id-bytes-max=22 | --client-id-bytes-max is '22': write a number from 23 to 65535
          lanes=0               | --lanes is '0': write a number from 1 to 1024
          log-level=loud        | --log-level is 'loud': write one of error, warn
          reason-strings=true   | --reason-strings is 'true': write on or off
          response-information=a/+ | --response-information is 'a/+': write the beginning of a topic
          share-strategy=any    | --share-strategy is 'any': write one of round-robin, random, local-first,
          join=                 | --join is empty: write HOST:PORT, or leave it out
          'listener= '          | --listener is empty: write URI, or leave it out
          join=somewhere        | --join names 'somewhere': write HOST:PORT
          join=::1:5701         | --join names '::1:5701': write HOST:PORT
          listener=tcp://h:1    | the scheme 'tcp' is unknown: write mqtt://HOST:PORT?mode=MODE (or mqtts, ws, wss)
          listener=mqtts://h:1  | mqtts needs cert=FILE&key=FILE
          listener=wss://h:1?cert=a&key=b&cert=c | as many keys as certificates
          listener=ws://h:1?cert=a | cert and key are for mqtts and wss
          listener=mqtt://h:1?client-ca=a | client-ca is for mqtts and wss
          listener=mqtts://h:1?cert=&key=b | a file has no name
          listener=mqtt://h:1?proxy=on | neither off nor required
          listener=mqtt://h:1?proxy=required | proxy=required and trusted=CIDR,CIDR go together
          listener=mqtt://h:1?trusted=::1 | proxy=required and trusted=CIDR,CIDR go together
          listener=mqtt://h:1?proxy=required&trusted=10.0.0.0/8,x | 'x' is not an IP address
          listener=mqtt://h:1?anonymous=yes | neither true nor false
          listener=mqtt://127.0.0.1:1?anonymous=false | admits nobody: add password-file=FILE
          listener=mqtt://10.0.0.1:1?acl-file=a | is reachable from other machines, but no authentication is set
          listener=mqtt://h:1?max-connections=0 | max-connections is '0', which is not a number
          listener=mqtt://h:1?connect-rate=1.5 | connect-rate is '1.5', which is not a number
          listener=mqtt://h:1?mode=direct&mode=direct | the parameter 'mode' appears twice
          listener=mqtt://h:1?conect-rate=1 | did you mean 'connect-rate'?
          listener=mqtt://u@h:1 | it has a user or a fragment
          listener=mqtt://h     | it needs a host and a port from 0 to 65535
          listener=mqtt://h:1/x | nothing may stand between the port and '?mode='
          listener=mqtt://h:1?mode=x | the mode 'x' is unknown
          listener=mqtt://h:1?a=b    | the parameter 'a' is unknown
          listener=mqtt://h :1  | it is not a URI
          memory-ceiling=200%   | is '200%': write a number of bytes, or from 1% to 100%
          memory-ceiling=0      | is '0': write a number of bytes, or from 1% to 100%
          retained-bytes-max=1x | is '1x': write a number of bytes, or from 1% to 100%
          'server-reference= '  | --server-reference is empty: write the address of another server
          http=1883             | both use 127.0.0.1:1883: change one of the ports
          bind=0.0.0.0          | --bind is '0.0.0.0', which is reachable from other machines
          listener=mqtt://0.0.0.0:1883 | add --allow-anonymous to admit everybody
          data=/dev/null/x      | --data is '/dev/null/x', which this process cannot create or write
          """)
  void what_cannot_be_used_is_refused_with_a_sentence(String flag, String sentence) {
    assertThatThrownBy(() -> flags(flag))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(sentence);
  }

  @Test
  void an_open_address_needs_a_word_of_consent() {
    assertThat(flags("bind=0.0.0.0", "allow-anonymous=true").listeners())
        .hasToString("[mqtt://0.0.0.0:1883?mode=sticky]");
  }

  @Test
  void a_password_file_is_consent_enough() {
    NodeOptions options = flags("bind=0.0.0.0", "password-file=users", "acl-file=rules");
    assertThat(options.access().passwords()).hasValue(java.nio.file.Path.of("users"));
    assertThat(options.access().rules()).hasValue(java.nio.file.Path.of("rules"));
    assertThat(flags("listener=mqtts://0.0.0.0:1?cert=a&key=b&client-ca=c").listeners()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mqtt://127.0.0.1:1?mode=sticky",
        "ws://[::1]:9001/mqtt?mode=direct",
        "ws://127.0.0.1:9001/a/b?mode=sticky&proxy=required&trusted=127.0.0.1,::1/64",
        "mqtts://127.0.0.1:1?mode=sticky&max-connections=7&connect-rate=8&cert=a&key=b",
        "wss://127.0.0.1:1/mqtt?mode=sticky&cert=/a%20b&key=c&cert=d&key=e%26f&client-ca=g"
      })
  void a_listener_reads_as_it_is_written(String uri) {
    assertThat(flags("listener=" + uri + ", " + "mqtt://127.0.0.1:2?mode=direct").listeners())
        .hasToString("[" + uri + ", mqtt://127.0.0.1:2?mode=direct]");
  }

  @Test
  void a_web_socket_has_the_usual_path_unless_it_has_its_own() {
    assertThat(flags("listener=ws://127.0.0.1:1").listeners())
        .hasToString("[ws://127.0.0.1:1/mqtt?mode=sticky]");
    assertThat(flags("listener=ws://127.0.0.1:1/").listeners())
        .hasToString("[ws://127.0.0.1:1/?mode=sticky]");
  }

  @Test
  void a_refused_variable_is_named() {
    Settings settings = merged(Settings.ofEnvironment(Map.of("LIMPET_MQTT", "x")));
    assertThatThrownBy(() -> NodeOptions.of(settings)).hasMessageStartingWith("LIMPET_MQTT is 'x'");
  }

  /** Issue 7, item 11. */
  @Test
  void what_rules_ask_of_a_subscription_is_one_of_two_words() {
    assertThat(NodeOptions.defaults().access().subscriptions())
        .isEqualTo(AccessFile.Subscriptions.FILTERED);
    assertThat(flags("acl-subscribe=covered").access().subscriptions())
        .isEqualTo(AccessFile.Subscriptions.COVERED);
    assertThatThrownBy(() -> flags("acl-subscribe=strict"))
        .hasMessage("--acl-subscribe is 'strict': write filtered or covered");
  }

  /** Issue 7, item 10. */
  @Test
  void what_breaks_silence_is_one_of_two_words() {
    assertThat(
            NodeOptions.defaults()
                .serving()
                .broker()
                .connection()
                .protocol()
                .keepAliveCountsBytes())
        .isTrue();
    NodeOptions byTheLetter = flags("keep-alive-counts=packets");
    assertThat(byTheLetter.serving().broker().connection().protocol().keepAliveCountsBytes())
        .isFalse();
    assertThatThrownBy(() -> flags("keep-alive-counts=seconds"))
        .hasMessage("--keep-alive-counts is 'seconds': write bytes or packets");
  }

  @Test
  void a_slip_in_the_environment_is_noticed_and_foreign_variables_are_not() {
    assertThat(
            Settings.slipsInEnvironment(
                Map.of("LIMPET_MQT", "1", "LIMPET_SERVICE_HOST", "10.0.0.1", "HOME", "/")))
        .singleElement()
        .asString()
        .contains("LIMPET_MQT is ignored")
        .contains("did you mean LIMPET_MQTT?");
  }

  private static String exampleOf(OptionKey key) {
    return switch (key) {
      case NAME, CLUSTER_NAME -> "other";
      case BIND -> "127.0.0.2";
      case MQTT, DIRECT, HTTP, CLUSTER -> "4242";
      case LISTENER -> "mqtt://127.0.0.1:4242?mode=direct";
      case JOIN -> "127.0.0.1:4242";
      case SPLIT -> "available";
      case DETECTION_MILLIS -> "7000";
      case DATA -> System.getProperty("java.io.tmpdir");
      case ALLOW_ANONYMOUS, WITNESS -> "true";
      case PASSWORD_FILE, ACL_FILE -> "some.file";
      case NODE_SEND_QUEUE_BYTES_MAX,
          NODE_SOCKET_BYTES_MAX,
          NODE_INBOX_BYTES_MAX,
          RETAINED_BYTES_MAX,
          MEMORY_CEILING ->
          "7%";
      case LANES -> "33";
      case LOG_LEVEL -> "debug";
      case SHARE_STRATEGY -> "topic-hash";
      case ACL_SUBSCRIBE -> "covered";
      case KEEP_ALIVE_COUNTS -> "packets";
      case REASON_STRINGS, LOG_CONNECTIONS -> "off";
      case RESPONSE_INFORMATION -> "answers/%c";
      case SERVER_REFERENCE -> "other.example:1883";
      case MAX_PACKET_BYTES,
          CONNECT_MILLIS_MAX,
          CONNECT_BYTES_MAX,
          HANDSHAKES_MAX,
          HANDSHAKES_PER_ADDRESS_MAX,
          HANDSHAKE_BYTES_MAX,
          TAKEOVER_PAUSE_MAX,
          CLIENT_ID_BYTES_MAX,
          TOPIC_BYTES_MAX,
          TOPIC_LEVELS_MAX,
          FILTERS_PER_PACKET_MAX,
          NODE_SEND_QUEUE_MESSAGES_MAX,
          SESSIONS_MAX,
          NODE_INBOX_MESSAGES_MAX,
          SYS_INTERVAL,
          TOPIC_ALIASES_MAX,
          TOPIC_ALIASES_OUT,
          RECEIVE_MAXIMUM,
          MAX_KEEP_ALIVE,
          SEND_MAX,
          SEND_QUEUE_MESSAGES_MAX,
          SEND_QUEUE_BYTES_MAX,
          SUBSCRIPTIONS_MAX,
          INBOX_MESSAGES_MAX,
          INBOX_BYTES_MAX,
          RETAINED_MAX ->
          "4711";
    };
  }

  private static NodeOptions flags(String... flags) {
    return NodeOptions.of(merged(settings(flags)));
  }

  private static Settings merged(List<Setting> settings) {
    return Settings.merge(List.of(settings));
  }

  private static List<Setting> settings(String... flags) {
    return Arrays.stream(flags)
        .map(flag -> flag.split("=", 2))
        .map(pair -> Setting.ofFlag(OptionKeys.named(pair[0]).orElseThrow(), List.of(pair[1])))
        .toList();
  }

  private Path yaml(String... lines) throws IOException {
    return Files.write(dir.resolve("limpet.yaml"), List.of(lines));
  }
}
