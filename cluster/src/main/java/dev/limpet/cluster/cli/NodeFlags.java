package dev.limpet.cluster.cli;

import dev.limpet.cluster.config.OptionKey;
import dev.limpet.cluster.config.Setting;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** Makes a flag from each {@link OptionKey}, so that options are defined once. Stateless. */
final class NodeFlags {

  private NodeFlags() {}

  /** Adds all flags to a command. */
  static void addTo(CommandSpec spec) {
    for (OptionKey key : OptionKey.values()) {
      spec.addOption(flag(key));
    }
  }

  /** Returns the settings of the command line. */
  static List<Setting> read(ParseResult parsed) {
    List<Setting> settings = new ArrayList<>();
    for (OptionKey key : OptionKey.values()) {
      if (parsed.hasMatchedOption(key.flag())) {
        List<String> values = parsed.matchedOption(key.flag()).stringValues();
        settings.add(Setting.ofFlag(key, values));
      }
    }
    return settings;
  }

  private static OptionSpec flag(OptionKey key) {
    OptionSpec.Builder flag =
        OptionSpec.builder(key.flag())
            .description(key.documentation().replace("%", "%%") + " (" + key.variable() + ")");
    Optional<String> label = key.valueLabel();
    if (label.isEmpty()) {
      return flag.type(String.class).arity("0..1").fallbackValue("true").paramLabel("BOOL").build();
    }
    flag.arity("1").paramLabel(label.get());
    return key.isList()
        ? flag.type(List.class).auxiliaryTypes(String.class).build()
        : flag.type(String.class).build();
  }
}
