package dev.limpet.cluster.config;

import dev.limpet.broker.connection.listener.Cidr;
import dev.limpet.cluster.config.ListenerTerms.Certificate;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Parses one listener URI and reports its errors. Confined to its caller, used once. */
final class ListenerUriReader {
  private static final String DEFAULT_PATH = "/mqtt";
  private static final String MODE = "mode";
  private static final String PROXY = "proxy";
  private static final String TRUSTED = "trusted";
  private static final String CONNECTIONS_MAX = "max-connections";
  private static final String CONNECT_RATE = "connect-rate";
  private static final String CERTIFICATE = "cert";
  private static final String KEY = "key";
  private static final String CLIENT_CA = "client-ca";
  private static final String PASSWORD_FILE = "password-file";
  private static final String ACL_FILE = "acl-file";
  private static final String ANONYMOUS = "anonymous";
  private static final List<String> PARAMETERS =
      List.of(
          MODE,
          PROXY,
          TRUSTED,
          CONNECTIONS_MAX,
          CONNECT_RATE,
          CERTIFICATE,
          KEY,
          CLIENT_CA,
          PASSWORD_FILE,
          ACL_FILE,
          ANONYMOUS);

  /** The room for these names in a PROXY header between nodes. */
  private static final int ACCESS_LENGTH_MAX = 1_000;

  /** Those that may be there several times: a certificate for each host name. */
  private static final List<String> REPEATABLE = List.of(CERTIFICATE, KEY);

  private final String text;
  private final String where;
  private final Map<String, List<String>> parameters = new LinkedHashMap<>();

  ListenerUriReader(String text, String where) {
    this.text = text;
    this.where = where;
  }

  /** Returns the parameters allowed after the question mark. */
  static List<String> parameterNames() {
    return PARAMETERS;
  }

  /** Whether a parameter may be there several times. */
  static boolean isRepeatable(String parameter) {
    return REPEATABLE.contains(parameter);
  }

  ListenerUri read() {
    URI uri = toUri();
    String word = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    ListenerScheme scheme =
        ListenerScheme.of(word).orElseThrow(() -> bad("the scheme '" + word + "' is unknown"));
    if (uri.getHost() == null || uri.getPort() < 0 || uri.getPort() > NetworkAddress.PORT_MAX) {
      throw bad("it needs a host and a port from 0 to 65535");
    }
    if (uri.getUserInfo() != null || uri.getFragment() != null) {
      throw bad("it has a user or a fragment, which mean nothing here");
    }
    String path = path(uri, scheme);
    readParameters(uri.getRawQuery());
    ListenerTerms terms =
        new ListenerTerms(
            trusted(),
            certificates(scheme),
            clientCa(scheme),
            number(CONNECTIONS_MAX),
            number(CONNECT_RATE),
            access());
    return new ListenerUri(scheme, unbracketed(uri.getHost()), uri.getPort(), path, mode(), terms);
  }

  private URI toUri() {
    try {
      return new URI(text);
    } catch (URISyntaxException e) {
      throw new ConfigException(sentence("it is not a URI"), e);
    }
  }

  private String path(URI uri, ListenerScheme scheme) {
    String path = uri.getRawPath() == null ? "" : uri.getRawPath();
    boolean empty = path.isEmpty() || path.equals("/");
    if (scheme.isWebSocket()) {
      return path.isEmpty() ? DEFAULT_PATH : path;
    }
    if (!empty) {
      throw bad("nothing may stand between the port and '?mode='");
    }
    return "";
  }

  private static String unbracketed(String host) {
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  private void readParameters(@Nullable String query) {
    for (String parameter : query == null ? new String[0] : query.split("&", -1)) {
      String[] pair = parameter.split("=", 2);
      String name = pair[0];
      if (!PARAMETERS.contains(name)) {
        throw bad(
            "the parameter '"
                + name
                + "' is unknown"
                + Spelling.nearest(name, PARAMETERS)
                    .map(near -> " (did you mean '" + near + "'?)")
                    .orElse(""));
      }
      List<String> values = parameters.computeIfAbsent(name, unused -> new ArrayList<>());
      if (!values.isEmpty() && !REPEATABLE.contains(name)) {
        throw bad("the parameter '" + name + "' appears twice");
      }
      values.add(decoded(pair.length == 2 ? pair[1] : ""));
    }
  }

  private static String decoded(String value) {
    return URLDecoder.decode(value.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  private List<String> all(String name) {
    return parameters.getOrDefault(name, List.of());
  }

  private Optional<String> one(String name) {
    return all(name).stream().findFirst();
  }

  private ListenerMode mode() {
    String word = one(MODE).orElse(ListenerMode.STICKY.word());
    return Arrays.stream(ListenerMode.values())
        .filter(each -> each.word().equals(word))
        .findFirst()
        .orElseThrow(() -> bad("the mode '" + word + "' is unknown"));
  }

  private List<String> trusted() {
    String proxy = one(PROXY).orElse("off");
    if (!proxy.equals("off") && !proxy.equals("required")) {
      throw bad("proxy is '" + proxy + "', which is neither off nor required");
    }
    boolean required = proxy.equals("required");
    if (required != one(TRUSTED).isPresent()) {
      throw bad("proxy=required and trusted=CIDR,CIDR go together: name the proxies");
    }
    List<String> ranges =
        required ? Arrays.asList(one(TRUSTED).orElseThrow().split(",", -1)) : List.of();
    for (String range : ranges) {
      try {
        Cidr.parse(range);
      } catch (IllegalArgumentException e) {
        throw new ConfigException(
            sentence("trusted is not a list of CIDR ranges: " + e.getMessage()), e);
      }
    }
    return ranges;
  }

  private List<Certificate> certificates(ListenerScheme scheme) {
    List<String> chains = all(CERTIFICATE);
    List<String> keys = all(KEY);
    if (!scheme.isTls() && !(chains.isEmpty() && keys.isEmpty())) {
      throw bad("cert and key are for mqtts and wss");
    }
    if (scheme.isTls() && (chains.isEmpty() || chains.size() != keys.size())) {
      throw bad(scheme.word() + " needs cert=FILE&key=FILE, as many keys as certificates");
    }
    List<Certificate> certificates = new ArrayList<>();
    for (int i = 0; i < chains.size(); i++) {
      certificates.add(new Certificate(file(chains.get(i)), file(keys.get(i))));
    }
    return certificates;
  }

  private Optional<Path> clientCa(ListenerScheme scheme) {
    if (!scheme.isTls() && one(CLIENT_CA).isPresent()) {
      throw bad("client-ca is for mqtts and wss");
    }
    return one(CLIENT_CA).map(this::file);
  }

  private ListenerAccess access() {
    Optional<String> anonymous = one(ANONYMOUS);
    if (anonymous.isPresent() && !anonymous.get().matches("true|false")) {
      throw bad("anonymous is '" + anonymous.get() + "', which is neither true nor false");
    }
    ListenerAccess access =
        new ListenerAccess(
            one(PASSWORD_FILE).map(this::file),
            one(ACL_FILE).map(this::file),
            anonymous.map(Boolean::valueOf));
    if (access.name().length() > ACCESS_LENGTH_MAX) {
      throw bad("the names of its access files are too long");
    }
    return access;
  }

  private Path file(String name) {
    try {
      if (!name.isEmpty()) {
        return Path.of(name);
      }
    } catch (InvalidPathException e) {
      throw new ConfigException(sentence("'" + name + "' is not a file name"), e);
    }
    throw bad("a file has no name");
  }

  private OptionalInt number(String name) {
    Optional<String> value = one(name);
    if (value.isEmpty()) {
      return OptionalInt.empty();
    }
    if (!value.get().matches("[1-9]\\d{0,8}")) {
      throw bad(name + " is '" + value.get() + "', which is not a number from 1 to 999999999");
    }
    return OptionalInt.of(Integer.parseInt(value.get()));
  }

  private ConfigException bad(String what) {
    return new ConfigException(sentence(what));
  }

  private String sentence(String what) {
    return where
        + " is '"
        + text
        + "', but "
        + what
        + ": write mqtt://HOST:PORT?mode=MODE (or mqtts, ws, wss), where MODE is "
        + ListenerMode.allWords();
  }
}
