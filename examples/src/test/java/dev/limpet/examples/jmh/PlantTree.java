package dev.limpet.examples.jmh;

import dev.limpet.broker.topic.TopicFilter;
import dev.limpet.broker.topic.TopicName;
import dev.limpet.broker.topic.TopicTree;
import java.util.function.Consumer;

/** The tree of a {@link Plant} in which each device is watched by one subscriber. */
final class PlantTree {
  private final TopicTree<Integer> tree = new TopicTree<>();
  private final TopicFilter[] filters;
  private final TopicName[] topics;
  private final Integer[] subscribers;

  PlantTree(int devices) {
    filters = new TopicFilter[devices];
    topics = new TopicName[devices];
    subscribers = new Integer[devices];
    for (int device = 0; device < devices; device++) {
      filters[device] = Plant.filter(device);
      topics[device] = Plant.topic(device);
      subscribers[device] = device;
    }
    for (int device = 0; device < devices; device++) {
      subscribe(device);
    }
  }

  void match(int device, Consumer<Integer> sink) {
    tree.match(topics[device], sink);
  }

  boolean subscribe(int device) {
    return tree.add(filters[device], subscribers[device]);
  }

  boolean unsubscribe(int device) {
    return tree.remove(filters[device], subscribers[device]);
  }
}
