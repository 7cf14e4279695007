package dev.limpet.store.retained;

import dev.limpet.broker.mqtt.Publication;
import java.io.Serializable;
import java.util.Comparator;
import java.util.Map;

/** Orders retained publications by topic, so that a search can be cut at a page. Stateless. */
public final class TopicOrder implements Comparator<Map.Entry<String, Publication>>, Serializable {
  private static final long serialVersionUID = 1L;

  @Override
  public int compare(Map.Entry<String, Publication> a, Map.Entry<String, Publication> b) {
    return a.getKey().compareTo(b.getKey());
  }
}
