"""The demo's rights: invented titles, no number of anybody's. (kind, title, filed, status, class, more)."""

from __future__ import annotations

from typing import Any

Row = tuple[str, str, str, str, str, dict[str, Any]]

# The first enterprise of the cast: pressure sensors.
SENSORS: list[Row] = [
    ("invention", "一种谐振式微压力传感器及其制备方法", "2017-07-20", "granted", "G01L 9/00",
     {"granted_on": "2020-03-06", "reduction": "0.85", "paid_year": 10, "flags": ["ordinary"],
      "family": "谐振式微压力传感器",
      "products": ["MS-200", "MS-310"], "grade": "A",
      "abstract": "示例：利用谐振梁的频率变化测量微小压力，可用于航空大气数据与医疗呼吸设备。"}),
    ("foreign_patent", "Resonant micro pressure sensor", "2018-07-16", "granted", "G01L 9/00",
     {"country": "US", "granted_on": "2021-02-09", "expires_on": "2038-07-16", "family": "谐振式微压力传感器",
      "application_number": "16/999001"}),
    ("foreign_patent", "Resonant micro pressure sensor", "2018-07-18", "pending", "G01L 9/00",
     {"country": "EP", "family": "谐振式微压力传感器", "application_number": "18999001"}),
    ("foreign_patent", "Resonant micro pressure sensor", "2018-07-19", "lapsed", "G01L 9/00",
     {"country": "JP", "family": "谐振式微压力传感器", "application_number": "2018-999001"}),
    ("invention", "压电陶瓷驱动电路的温度补偿方法", "2019-04-11", "granted", "H03F 1/30",
     {"granted_on": "2022-01-18", "reduction": "0.85", "paid_year": 7, "products": ["MS-310"], "grade": "B"}),
    ("invention", "一种低应力薄膜的沉积方法", "2020-12-03", "granted", "C23C 16/34",
     {"granted_on": "2023-06-30", "reduction": "0.70", "paid_year": 6, "flags": ["pledged"], "grade": "B"}),
    ("invention", "基于阵列传感器的气流方向识别方法", "2021-08-26", "granted", "G01P 13/02",
     {"granted_on": "2024-05-14", "paid_year": 5, "grade": "C"}),
    ("invention", "传感器零点漂移的在线校正系统", "2023-02-15", "published", "G01L 27/00",
     {"published_on": "2023-08-18"}),
    ("invention", "晶圆级真空封装结构", "2025-11-27", "pending", "B81B 7/00", {}),
    ("invention", "多通道压力扫描阀的标定装置", "2016-09-08", "invalidated", "G01L 27/00",
     {"granted_on": "2018-11-02"}),
    ("invention", "一种硅微谐振梁的刻蚀方法", "2018-03-22", "refused", "B81C 1/00", {}),
    ("invention", "含缓冲层的压敏芯片", "2019-10-10", "withdrawn", "H01L 41/08", {}),
    ("utility_model", "带自锁的传感器接头", "2022-05-19", "granted", "H01R 13/639",
     {"granted_on": "2022-11-08", "paid_year": 4, "products": ["MS-200"], "grade": "C"}),
    ("utility_model", "防冷凝的压力变送器外壳", "2021-06-02", "in_grace", "G01L 19/06",
     {"granted_on": "2021-12-21", "paid_year": 5, "grade": "C"}),
    ("utility_model", "快拆式校准夹具", "2016-11-17", "expired", "G01L 27/00", {"granted_on": "2017-05-31"}),
    ("utility_model", "便携式检漏仪", "2020-03-12", "lapsed", "G01M 3/26", {"granted_on": "2020-10-20"}),
    ("design", "压力变送器（MS-310）", "2023-09-05", "granted", "10-04",
     {"granted_on": "2024-01-30", "paid_year": 3, "products": ["MS-310"]}),
    ("design", "手持式压力校准仪", "2020-04-21", "granted", "10-04", {"granted_on": "2020-09-15", "paid_year": 7}),
    ("trademark", "申澜", "2017-01-09", "granted", "9",
     {"granted_on": "2017-12-14", "expires_on": "2027-12-13", "goods": "压力传感器；测量仪器；电子芯片"}),
    ("trademark", "SHENLAN MICRO", "2018-06-12", "granted", "9",
     {"granted_on": "2019-04-21", "expires_on": "2029-04-20", "goods": "压力传感器；数据处理设备"}),
    ("trademark", "澜谱", "2025-10-16", "published", "42",
     {"published_on": "2026-09-20", "goods": "技术研究；计量服务"}),
    ("software", "申澜压力标定软件 V3.2", "2022-02-28", "granted", "", {"granted_on": "2022-06-09"}),
    ("software", "传感器产线追溯系统 V1.0", "2024-03-18", "granted", "", {"granted_on": "2024-07-25"}),
    ("copyright", "MS 系列产品手册插图", "2023-05-10", "granted", "", {"granted_on": "2023-08-30"}),
    ("layout", "微压信号调理芯片布图设计", "2021-11-15", "granted", "",
     {"granted_on": "2022-05-27", "expires_on": "2031-11-15"}),
    ("domain", "shenlan-micro.example", "2016-08-01", "granted", "",
     {"granted_on": "2016-08-01", "expires_on": "2027-08-01"}),
    ("invention", "尚未申请：抗辐照谐振结构", "", "draft", "", {"secrecy": "named"}),
    ("trade_secret", "薄膜退火工艺参数（代号 SL-07）", "", "granted", "",
     {"measures": "示例：分段授权，纸质记录入保险柜，接触人员签保密协议。"}),
]  # fmt: skip

# Other enterprises of the cast, by turns.
OTHERS: list[Row] = [
    ("invention", "一种可回收复合材料及其应用", "2021-03-16", "granted", "C08L 67/04",
     {"granted_on": "2023-12-01", "paid_year": 6, "reduction": "0.85"}),
    ("invention", "基于图像的缺陷检测方法", "2022-09-21", "published", "G06T 7/00", {"published_on": "2023-01-31"}),
    ("utility_model", "一种折叠式输送装置", "2023-04-13", "granted", "B65G 15/00",
     {"granted_on": "2023-10-24", "paid_year": 3}),
    ("design", "智能水表", "2024-01-11", "granted", "10-04", {"granted_on": "2024-06-18", "paid_year": 3}),
    ("trademark", "示例标志", "2019-05-20", "granted", "7",
     {"granted_on": "2020-03-28", "expires_on": "2030-03-27", "goods": "输送机；包装机"}),
    ("software", "生产排程软件 V2.0", "2023-06-30", "granted", "", {"granted_on": "2023-11-08"}),
    ("plant_variety", "示例青菜一号", "2020-07-07", "granted", "",
     {"granted_on": "2023-03-15", "expires_on": "2038-03-15"}),
    ("indication", "示例岛白山羊", "2018-09-09", "granted", "", {"granted_on": "2019-12-12", "goods": "活羊；羊肉"}),
]  # fmt: skip
PRODUCTS = ("MS-200", "MS-310")
