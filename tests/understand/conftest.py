"""A Spark cluster that this room's tests share."""

from collections.abc import Iterator

import pytest
from tests.understand.spark_cluster import environment, spark_cluster


@pytest.fixture(scope="session")
def spark_settings(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What stands in the environment of whoever asks the cluster."""
    return environment(tmp_path_factory.mktemp("spark"))


@pytest.fixture(scope="session")
def spark_url(spark_settings: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a cluster of a master and two workers."""
    with spark_cluster(tmp_path_factory.mktemp("cluster"), spark_settings) as url:
        yield url
